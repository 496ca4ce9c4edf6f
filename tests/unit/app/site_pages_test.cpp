#include "app/site_pages.hpp"

#include <chrono>
#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>

#include "base/json.hpp"
#include "support/asking.hpp"
#include "support/coroutines.hpp"
#include "support/temp_dir.hpp"

namespace movio::app {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class SitePagesTest : public ::testing::Test {
protected:
    std::string write(const std::string& name, const std::string& text) {
        const auto file = folder.path() / name;
        std::ofstream(file, std::ios::binary) << text;
        return file.string();
    }
    static Settings settings(std::map<std::string, std::string> pages) {
        return Settings::load({.file = {}, .environment = {}, .flags = std::move(pages)}).value();
    }
    test::Reply ask(const Settings& given, const std::string& path) {
        http::Router router;
        add_site_page_endpoints(router, given, disk);
        return test::ask(loop, router, {.target = "/api/v2/pages" + path});
    }

    test::TempDir folder;
    test::Loop loop;
    Pool disk{"disk", 1, 10};
};

TEST_F(SitePagesTest, Those_alone_that_are_set_are_there) {
    const auto some = settings({{"pages.privacy", write("p.md", "# Privacy\n")}, {"pages.imprint", write("i", "")}});
    const auto list = ask(some, "");
    ASSERT_EQ(list.status, 200);
    EXPECT_EQ(list.text, R"({"items":["imprint","privacy"]})");
    const auto page = ask(some, "/privacy");
    ASSERT_EQ(page.status, 200) << page.text;
    EXPECT_EQ(page.json.text_or("text", ""), "# Privacy\n");
    EXPECT_THAT(page.json.text_or("changed_at", ""), ::testing::StartsWith("20"));
    for (const char* other : {"/terms", "/x", "/..%2Fimprint"}) EXPECT_EQ(ask(some, other).status, 404) << other;
    EXPECT_EQ(ask(settings({}), "").text, R"({"items":[]})");
}

TEST_F(SitePagesTest, Change_of_a_file_is_shown_at_once) {
    const auto pages = settings({{"pages.terms", write("t.md", "old")}});
    EXPECT_EQ(ask(pages, "/terms").json.text_or("text", ""), "old");
    write("t.md", "new");
    EXPECT_EQ(ask(pages, "/terms").json.text_or("text", ""), "new");
}

TEST_F(SitePagesTest, File_that_cannot_be_shown_is_unavailable_and_its_path_is_not_told) {
    const std::string largest(static_cast<std::size_t>(kSitePageBytesMax), 'x');
    const auto file = write("t.md", largest);
    const auto pages = settings({{"pages.terms", file}});
    EXPECT_EQ(ask(pages, "/terms").json.text_or("text", ""), largest);
    EXPECT_THAT(site_page_problems(pages), ElementsAre());
    write("t.md", largest + "x");
    const auto large = ask(pages, "/terms");
    EXPECT_EQ(large.status, 503);
    EXPECT_THAT(large.text, ::testing::Not(HasSubstr("t.md")));
    EXPECT_THAT(site_page_problems(pages), ElementsAre(HasSubstr("more than the 262144 bytes")));
    std::filesystem::remove(file);
    EXPECT_EQ(ask(pages, "/terms").status, 503);
    EXPECT_THAT(site_page_problems(pages), ElementsAre(HasSubstr("pages.terms: '" + file + "' is no file")));
    EXPECT_THAT(site_page_problems(settings({{"pages.imprint", folder.path().string()}})),
                ElementsAre(HasSubstr("pages.imprint")));
}

TEST(SitePageSchemas, Are_valid_json) {
    for (const auto& [name, schema] : site_page_schemas()) EXPECT_TRUE(JsonView::parse(schema)) << name;
}

}  // namespace
}  // namespace movio::app
