#include "app/settings.hpp"

#include <algorithm>
#include <charconv>
#include <fstream>
#include <sstream>

#include <fmt/format.h>
#include <toml++/toml.h>

namespace movio::app {
namespace {

constexpr std::string_view kEnvironmentPrefix = "MOVIO_";
constexpr std::string_view kTestPrefix = "MOVIO_TEST_";
constexpr std::string_view kFileSuffix = "_FILE";

const SettingInfo* find_info(std::string_view path) {
    const auto found = std::ranges::find(setting_table(), path, &SettingInfo::path);
    return found == setting_table().end() ? nullptr : &*found;
}

bool is_choice(const SettingInfo& info, std::string_view text) {
    std::string_view rest = info.choices;
    while (!rest.empty()) {
        const auto bar = rest.find('|');
        if (rest.substr(0, bar) == text) return true;
        if (bar == std::string_view::npos) break;
        rest.remove_prefix(bar + 1);
    }
    return false;
}

std::optional<std::int64_t> parse_integer(std::string_view text) {
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return value;
}

Result<void> check(const SettingInfo& info, std::string_view text) {
    switch (info.type) {
        case SettingType::text: return {};
        case SettingType::flag:
            if (text == "true" || text == "false") return {};
            return fail(ErrorCode::invalid, fmt::format("{} must be true or false, not '{}'", info.path, text));
        case SettingType::choice:
            if (is_choice(info, text)) return {};
            return fail(ErrorCode::invalid,
                        fmt::format("{} must be one of {}, not '{}'", info.path, info.choices, text));
        case SettingType::integer: break;
    }
    const auto value = parse_integer(text);
    if (value && *value >= info.least && *value <= info.most) return {};
    return fail(ErrorCode::invalid, fmt::format("{} must be a whole number of {} from {} to {}, not '{}'", info.path,
                                                info.unit, info.least, info.most, text));
}

std::optional<std::string> toml_text(const toml::node& node) {
    if (const auto* text = node.as_string()) return text->get();
    if (const auto* number = node.as_integer()) return fmt::format("{}", number->get());
    if (const auto* flag = node.as_boolean()) return flag->get() ? "true" : "false";
    return std::nullopt;
}

using Leaf = std::pair<std::string, const toml::node*>;

void collect_leaves(const toml::table& table, const std::string& prefix, std::vector<Leaf>& leaves) {
    for (const auto& [key, node] : table) {
        const std::string path = prefix.empty() ? std::string(key.str()) : prefix + "." + std::string(key.str());
        if (const auto* inner = node.as_table())
            collect_leaves(*inner, path, leaves);
        else
            leaves.emplace_back(path, &node);
    }
}

Result<std::string> first_line_of(const std::filesystem::path& file) {
    std::ifstream in(file);
    std::string line;
    if (!in || !std::getline(in, line))
        return fail(ErrorCode::invalid, fmt::format("cannot read a value from the file '{}'", file.string()));
    return line;
}

}  // namespace

std::string_view to_text(SettingOrigin origin) {
    switch (origin) {
        case SettingOrigin::fallback: return "default";
        case SettingOrigin::file: return "config file";
        case SettingOrigin::environment: return "environment";
        case SettingOrigin::flag: return "flag";
    }
    return "default";
}

std::string environment_name(std::string_view path) {
    std::string name(kEnvironmentPrefix);
    for (const char c : path) name += c == '.' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    return name;
}

std::string flag_name(std::string_view path) {
    std::string name = "--";
    for (const char c : path) name += c == '.' || c == '_' ? '-' : c;
    return name;
}

Result<Settings> Settings::load(const Layers& layers) {
    Settings settings;
    for (const auto& info : setting_table())
        settings.values_[std::string(info.path)] = {std::string(info.fallback), SettingOrigin::fallback};
    if (layers.file) {
        if (auto read = settings.read_file(*layers.file); !read) return std::unexpected(read.error());
    }
    if (auto read = settings.read_environment(layers.environment); !read) return std::unexpected(read.error());
    for (const auto& [path, text] : layers.flags) {
        if (auto done = settings.set(path, text, SettingOrigin::flag); !done) return std::unexpected(done.error());
    }
    return settings;
}

Result<void> Settings::set(std::string_view path, std::string text, SettingOrigin origin) {
    const auto* info = find_info(path);
    if (info == nullptr)
        return fail(ErrorCode::invalid,
                    fmt::format("there is no setting '{}'; `movio config show` lists them all", path));
    if (auto valid = check(*info, text); !valid)
        return fail(ErrorCode::invalid, fmt::format("{} (from the {})", valid.error().message, to_text(origin)));
    values_[std::string(path)] = {std::move(text), origin};
    return {};
}

Result<void> Settings::read_file(const std::filesystem::path& file) {
    std::ifstream in(file);
    if (!in) return fail(ErrorCode::invalid, fmt::format("cannot read the config file '{}'", file.string()));
    std::stringstream content;
    content << in.rdbuf();
    try {
        const toml::table table = toml::parse(content.str(), file.string());
        std::vector<Leaf> leaves;
        collect_leaves(table, {}, leaves);
        for (const auto& [path, node] : leaves) {
            auto text = toml_text(*node);
            if (!text)
                return fail(ErrorCode::invalid,
                            fmt::format("'{}' in {} must be text, a number or true/false", path, file.string()));
            if (auto done = set(path, std::move(*text), SettingOrigin::file); !done) return done;
        }
    } catch (const toml::parse_error& error) {
        return fail(ErrorCode::invalid,
                    fmt::format("{} line {}: {}", file.string(), error.source().begin.line, error.description()));
    }
    return {};
}

Result<void> Settings::read_aliases(const std::vector<std::string>& environment) {
    for (const auto& entry : environment) {
        const auto equals = entry.find('=');
        const std::string_view name = std::string_view(entry).substr(0, equals);
        const auto found = std::ranges::find(setting_table(), name, &SettingInfo::alias);
        if (name.empty() || equals == std::string::npos || found == setting_table().end()) continue;
        if (auto done = set(found->path, entry.substr(equals + 1), SettingOrigin::environment); !done) return done;
    }
    return {};
}

Result<void> Settings::read_environment(const std::vector<std::string>& environment) {
    // First, so that Movio's own name for a setting wins.
    if (auto done = read_aliases(environment); !done) return done;
    for (const auto& entry : environment) {
        const auto equals = entry.find('=');
        const std::string_view name = std::string_view(entry).substr(0, equals);
        if (equals == std::string::npos || !name.starts_with(kEnvironmentPrefix) || name.starts_with(kTestPrefix))
            continue;
        if (name == "MOVIO_DATA_DIR" || name == "MOVIO_CONFIG")
            continue;  // the two that are needed before the settings
        const auto named = [name](std::string_view wanted) {
            return [name, wanted](const SettingInfo& info) {
                return environment_name(info.path) + std::string(wanted) == name;
            };
        };
        const auto table = setting_table();
        if (const auto found = std::ranges::find_if(table, named("")); found != table.end()) {
            if (auto done = set(found->path, entry.substr(equals + 1), SettingOrigin::environment); !done) return done;
        } else if (const auto from_file = std::ranges::find_if(table, named(kFileSuffix)); from_file != table.end()) {
            auto value = first_line_of(entry.substr(equals + 1));
            if (!value) return fail(value.error().code, fmt::format("{} ({})", value.error().message, name));
            if (auto done = set(from_file->path, std::move(*value), SettingOrigin::environment); !done) return done;
        } else {
            return fail(
                ErrorCode::invalid,
                fmt::format("the environment variable {} is no setting of Movio; `movio config show` lists them all",
                            name));
        }
    }
    return {};
}

const std::string& Settings::text(std::string_view path) const {
    const auto found = values_.find(path);
    if (found == values_.end()) throw Failure(fmt::format("the program asks for the unknown setting '{}'", path));
    return found->second.text;
}

std::int64_t Settings::integer(std::string_view path) const { return parse_integer(text(path)).value(); }
bool Settings::flag(std::string_view path) const { return text(path) == "true"; }

SettingOrigin Settings::origin(std::string_view path) const {
    const auto found = values_.find(path);
    return found == values_.end() ? SettingOrigin::fallback : found->second.origin;
}

std::string Settings::describe() const {
    std::string out;
    for (const auto& info : setting_table()) {
        const auto& value = values_.find(info.path)->second;
        const std::string shown = info.secret && !value.text.empty() ? "(secret)" : value.text;
        const std::string unit = info.unit.empty() ? "" : fmt::format(" [{}]", info.unit);
        const std::string alias = info.alias.empty() ? "" : fmt::format(" or {}", info.alias);
        out += fmt::format("{} = {}\n    {}{}\n    {}{}, flag {}, from the {}\n", info.path,
                           shown.empty() ? "\"\"" : shown, info.help, unit, environment_name(info.path), alias,
                           flag_name(info.path), to_text(value.origin));
    }
    return out;
}

}  // namespace movio::app
