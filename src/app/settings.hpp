#pragma once
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace movio::app {

enum class SettingType { text, integer, flag, choice };

// One row of the table that yields the TOML name, the environment variable, the flag and `config show`.
struct SettingInfo {
    std::string_view
        path;  // "media.height_max": [media] height_max in TOML, MOVIO_MEDIA_HEIGHT_MAX, --media-height-max
    SettingType type = SettingType::text;
    std::string_view fallback;
    std::string_view unit;
    std::string_view help;
    bool secret = false;
    std::int64_t least = 0;  // integers
    std::int64_t most = 0;
    std::string_view choices = {};  // "a|b|c"
    std::string_view alias = {};    // the original's environment variable for the same
};

std::span<const SettingInfo> setting_table();
std::string environment_name(std::string_view path);
std::string flag_name(std::string_view path);

// Where a value came from, shown by `config show`.
enum class SettingOrigin { fallback, file, environment, flag };
std::string_view to_text(SettingOrigin origin);

// Every setting with its value; config file < environment < flags. Unknown names are an error (MOVIO_TEST_* apart).
class Settings {
public:
    using Environment = std::function<std::optional<std::string>(const std::string& name)>;

    struct Layers {
        std::optional<std::filesystem::path> file;
        std::vector<std::string> environment;      // "NAME=value", as in environ
        std::map<std::string, std::string> flags;  // by path
    };
    static Result<Settings> load(const Layers& layers);

    const std::string& text(std::string_view path) const;
    std::int64_t integer(std::string_view path) const;
    bool flag(std::string_view path) const;
    SettingOrigin origin(std::string_view path) const;
    // One line a setting: value, origin and help; secrets are not shown.
    std::string describe() const;

private:
    struct Value {
        std::string text;
        SettingOrigin origin = SettingOrigin::fallback;
    };
    Result<void> set(std::string_view path, std::string text, SettingOrigin origin);
    Result<void> read_file(const std::filesystem::path& file);
    Result<void> read_aliases(const std::vector<std::string>& environment);
    Result<void> read_environment(const std::vector<std::string>& environment);

    std::map<std::string, Value, std::less<>> values_;
};

}  // namespace movio::app
