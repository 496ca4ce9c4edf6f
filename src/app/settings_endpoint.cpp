#include "app/settings_endpoint.hpp"

#include "app/admin_endpoint.hpp"
#include "base/json.hpp"

namespace movio::app {
namespace {

void write_setting(JsonWriter& json, const Settings& settings, const SettingInfo& info) {
    const auto& value = settings.text(info.path);
    const auto shown = [&info](std::string_view text) { return info.secret ? std::nullopt : std::optional(text); };
    json.begin_object()
        .member("name", info.path)
        .member("value", shown(value))
        .member("default", shown(info.fallback))
        .member("is_set", !value.empty())
        .member("secret", info.secret)
        .member("origin", to_text(settings.origin(info.path)))
        .member("unit", info.unit)
        .member("help", info.help)
        .member("environment", environment_name(info.path))
        .member("flag", flag_name(info.path))
        .end_object();
}

// Made once: settings do not change while the program runs.
std::string settings_json(const Settings& settings) {
    JsonWriter json;
    json.begin_object().key("items").begin_array();
    for (const auto& info : setting_table()) write_setting(json, settings, info);
    json.end_array().end_object();
    return json.take();
}

struct ListSettings {
    std::string json;

    Awaitable<http::Response> operator()(http::Request&) const {
        auto response = http::json_response(json);
        response.headers.set("Cache-Control", "no-store");
        co_return response;
    }
};

}  // namespace

void add_settings_endpoint(http::Router& router, const Settings& settings) {
    auto description = public_admin_endpoint(http::Method::get, "/api/v2/admin/settings",
                                             "Every setting with its value, and where that came from.");
    description.answers = {{200, "All of them; secrets are not told.", "SettingList"}};
    router.add(http::make_raw_endpoint(std::move(description), ListSettings{settings_json(settings)}));
}

std::string setting_list_schema() {
    return R"({"type":"object","required":["items"],
        "properties":{"items":{"type":"array","items":{"type":"object",
        "required":["name","value","default","is_set","secret","origin","unit","help","environment","flag"],
        "properties":{"name":{"type":"string"},
        "value":{"type":["string","null"],"description":"Null of a secret."},
        "default":{"type":["string","null"]},
        "is_set":{"type":"boolean","description":"Whether it is not empty."},"secret":{"type":"boolean"},
        "origin":{"enum":["default","config file","environment","flag"]},"unit":{"type":"string"},
        "help":{"type":"string"},"environment":{"type":"string","description":"The variable that sets it."},
        "flag":{"type":"string"}},"additionalProperties":false}}},"additionalProperties":false})";
}

}  // namespace movio::app
