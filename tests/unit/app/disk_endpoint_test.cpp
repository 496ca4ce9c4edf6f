#include "app/disk_endpoint.hpp"

#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include "base/json.hpp"
#include "support/asking.hpp"
#include "support/sqlite_service.hpp"

namespace movio::app {
namespace {

class DiskEndpointTest : public ::testing::Test {
protected:
    DiskEndpointTest() {
        write("blobs/media/a/1/1.m4s");
        write("blobs/.tmp/half");
        write("catalog.db");
        write("token-keys.json");
        add_disk_endpoint(
            router,
            {.data_dir = folder.path(), .blobs = folder / "blobs", .disk = &disk, .catalog = &service.database});
    }
    void write(const std::string& name) {
        std::filesystem::create_directories((folder / name).parent_path());
        std::ofstream(folder / name, std::ios::binary) << std::string(10'000, 'x');
    }
    test::Reply ask() { return test::ask(service.loop, router, {.target = "/api/v2/admin/disk"}); }
    static JsonView part(const test::Reply& reply, std::string_view name) {
        const auto parts = reply.json.find("parts").value();
        for (std::size_t i = 0; i < parts.size(); ++i)
            if (parts.at(i).text_or("name", "") == name) return parts.at(i);
        return JsonView::parse("null").value();
    }

    test::TempDir folder;
    test::SqliteService service{"catalog"};
    Pool disk{"disk", 1, 10};
    http::Router router;
};

TEST_F(DiskEndpointTest, Tells_what_takes_room_by_part) {
    const auto shown = ask();
    ASSERT_EQ(shown.status, 200) << shown.text;
    for (const auto* name : {"media", "staging", "databases", "other"}) {
        EXPECT_EQ(part(shown, name).integer_or("files", 0), 1) << name;
        EXPECT_GE(part(shown, name).integer_or("bytes", 0), 10'000) << name;
    }
    EXPECT_GT(shown.json.integer_or("bytes", 0), shown.json.integer_or("free_bytes", 0));
    EXPECT_EQ(shown.json.find("trash")->integer_or("films", -1), 0);
    EXPECT_EQ(router.descriptions().at(0)->access, http::Access::admin);
    EXPECT_TRUE(JsonView::parse(disk_schema()) && JsonView::parse(disk_films_schema()));
}

TEST_F(DiskEndpointTest, Files_are_not_counted_with_each_request) {
    ask();
    write("blobs/media/a/1/2.m4s");
    EXPECT_EQ(part(ask(), "media").integer_or("files", 0), 1);
}

}  // namespace
}  // namespace movio::app
