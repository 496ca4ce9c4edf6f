#include "app/site_pages.hpp"

#include <chrono>
#include <filesystem>
#include <fstream>

#include <fmt/format.h>

#include "base/clock.hpp"
#include "base/log.hpp"
#include "http/endpoint.hpp"

namespace movio::app {
namespace {

using Files = std::map<std::string, std::filesystem::path, std::less<>>;

struct SitePage {
    std::string name;
    std::string text;
    std::int64_t changed_us = 0;
};

Files files_of(const Settings& settings) {
    Files files;
    for (const auto name : kSitePages)
        if (const auto& file = settings.text(fmt::format("pages.{}", name)); !file.empty()) files.emplace(name, file);
    return files;
}

// Blocks. What waits for a writer, such as a pipe, is not opened.
Result<SitePage> read_page(const std::string& name, const std::filesystem::path& file) {
    std::error_code error;
    if (!std::filesystem::is_regular_file(file, error))
        return fail(ErrorCode::unavailable,
                    fmt::format("pages.{}: '{}' is no file that can be read", name, file.string()));
    SitePage page{name, std::string(static_cast<std::size_t>(kSitePageBytesMax) + 1, '\0')};
    std::ifstream in(file, std::ios::binary);
    in.read(page.text.data(), static_cast<std::streamsize>(page.text.size()));
    if (!in.is_open() || in.bad())
        return fail(ErrorCode::unavailable, fmt::format("pages.{}: cannot read '{}'", name, file.string()));
    page.text.resize(static_cast<std::size_t>(in.gcount()));
    if (std::cmp_greater(page.text.size(), kSitePageBytesMax))
        return fail(ErrorCode::unavailable,
                    fmt::format("pages.{}: '{}' has more than the {} bytes that a page may have", name, file.string(),
                                kSitePageBytesMax));
    const auto changed = std::filesystem::last_write_time(file, error);
    if (!error)
        page.changed_us = std::chrono::duration_cast<std::chrono::microseconds>(
                              std::chrono::file_clock::to_sys(changed).time_since_epoch())
                              .count();
    return page;
}

http::EndpointDescription described(std::string path, std::string summary) {
    http::EndpointDescription description;
    description.path = std::move(path);
    description.summary = std::move(summary);
    description.tag = "system";
    return description;
}

// It may be changed at any time.
void asked_anew(http::Headers& headers) { headers.set("Cache-Control", "no-cache"); }

struct ListPages {
    struct Input {};
    using Output = std::vector<std::string>;

    static http::EndpointDescription describe() {
        auto description = described("/api/v2/pages", "Which of the pages imprint, terms and privacy this server has.");
        description.answers = {{200, "Their names.", "SitePageList"}};
        return description;
    }
    static http::Fields<Input> fields() { return {}; }
    static void write(JsonWriter& json, const Output& names) {
        json.begin_object().key("items").begin_array();
        for (const auto& name : names) json.value(std::string_view(name));
        json.end_array().end_object();
    }
    static void headers(http::Headers& headers, const Output&) { asked_anew(headers); }

    Awaitable<Result<Output>> operator()(Input, const http::RequestContext&) {
        Output names;
        for (const auto name : kSitePages)
            if (files.contains(name)) names.emplace_back(name);
        co_return names;
    }

    Files files;
};

struct GetPage {
    struct Input {
        std::string name;
    };
    using Output = SitePage;

    static http::EndpointDescription describe() {
        auto description = described("/api/v2/pages/{name}", "One of them, as whoever runs the server wrote it.");
        description.answers = {{200, "The page in Markdown.", "SitePage"}};
        description.errors = {ErrorCode::not_found, ErrorCode::unavailable};
        return description;
    }
    static http::Fields<Input> fields() {
        return {http::in_path("name", &Input::name, {.max = 20, .help = "`imprint`, `terms` or `privacy`."})};
    }
    static void write(JsonWriter& json, const Output& page) {
        json.begin_object()
            .member("name", page.name)
            .member("text", page.text)
            .member("changed_at", rfc3339(page.changed_us))
            .end_object();
    }
    static void headers(http::Headers& headers, const Output&) { asked_anew(headers); }

    Awaitable<Result<Output>> operator()(Input input, const http::RequestContext&) {
        const auto found = files.find(input.name);
        if (found == files.end()) co_return fail(ErrorCode::not_found, "This server has no such page");
        auto page = co_await on_pool(*disk, [&] { return read_page(found->first, found->second); });
        if (page) co_return std::move(*page);
        // The path is nobody's business outside.
        log_error("a page cannot be shown", {{"reason", page.error().message}});
        co_return fail(ErrorCode::unavailable, "This page cannot be read now. Try again later.");
    }

    Files files;
    Pool* disk;
};

constexpr const char* kSitePage = R"({
"type":"object",
"description":"What whoever runs the server tells its visitors.",
"required":["name","text","changed_at"],
"properties":{
  "name":{"enum":["imprint","terms","privacy"]},
  "text":{"type":"string","description":"Markdown: headings, paragraphs, lists, links, emphasis. HTML in it is text."},
  "changed_at":{"type":"string","format":"date-time"}
}})";

constexpr const char* kSitePageList = R"({
"type":"object",
"required":["items"],
"properties":{"items":{"type":"array","items":{"enum":["imprint","terms","privacy"]}}}
})";

}  // namespace

std::vector<std::string> site_page_problems(const Settings& settings) {
    std::vector<std::string> problems;
    for (const auto& [name, file] : files_of(settings))
        if (const auto page = read_page(name, file); !page) problems.push_back(page.error().message);
    return problems;
}

void add_site_page_endpoints(http::Router& router, const Settings& settings, Pool& disk) {
    const auto files = files_of(settings);
    router.add(http::make_endpoint(ListPages{files}));
    router.add(http::make_endpoint(GetPage{files, &disk}));
}

std::map<std::string, std::string> site_page_schemas() {
    return {{"SitePage", kSitePage}, {"SitePageList", kSitePageList}};
}

}  // namespace movio::app
