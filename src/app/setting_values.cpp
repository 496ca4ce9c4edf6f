#include "app/setting_values.hpp"

#include <algorithm>
#include <charconv>

#include <boost/asio/ip/address.hpp>
#include <fmt/format.h>

#include "async/asio.hpp"

namespace movio::app {
namespace {

template <class Number>
bool read_number(std::string_view text, Number& value) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc{} && end == text.data() + text.size() && !text.empty();
}

std::string_view trimmed(std::string_view text) {
    while (text.starts_with(' ')) text.remove_prefix(1);
    while (text.ends_with(' ')) text.remove_suffix(1);
    return text;
}

// The parts between commas, without blanks around them and without empty ones.
std::vector<std::string_view> parts_of(std::string_view text) {
    std::vector<std::string_view> parts;
    for (std::string_view rest = text; !rest.empty();) {
        const auto comma = rest.find(',');
        if (const auto part = trimmed(rest.substr(0, comma)); !part.empty()) parts.push_back(part);
        rest = comma == std::string_view::npos ? std::string_view() : rest.substr(comma + 1);
    }
    return parts;
}

bool is_origin(std::string_view text) {
    for (const std::string_view scheme : {"https://", "http://"}) {
        if (!text.starts_with(scheme)) continue;
        const auto host = text.substr(scheme.size());
        return !host.empty() && host.find_first_of("/?#@* ") == std::string_view::npos;
    }
    return false;
}

}  // namespace

Result<std::vector<std::string>> parse_proxies(std::string_view text) {
    std::vector<std::string> addresses;
    for (const auto part : parts_of(text)) {
        boost::system::error_code error;
        const auto address = asio::ip::make_address(std::string(part), error);
        if (error)
            return fail(ErrorCode::invalid,
                        fmt::format("server.trusted_proxies: '{}' is no IP address; write such as 10.0.0.1", part));
        addresses.push_back(address.to_string());
    }
    return addresses;
}

std::optional<RoleValue> split_role_value(std::string_view text) {
    const auto equals = text.find('=');
    const auto dot = text.substr(0, equals).find('.');
    if (equals == std::string_view::npos || dot == std::string_view::npos) return std::nullopt;
    return RoleValue{std::string(text.substr(0, dot)), std::string(text.substr(dot + 1, equals - dot - 1)),
                     std::string(text.substr(equals + 1))};
}

std::optional<std::int64_t> parse_whole_number(std::string_view text, std::int64_t least, std::int64_t most) {
    std::int64_t value = 0;
    return read_number(text, value) && value >= least && value <= most ? std::optional(value) : std::nullopt;
}

Result<std::vector<std::string>> parse_origins(std::string_view text) {
    std::vector<std::string> origins;
    for (const auto part : parts_of(text)) {
        if (part != "*" && !is_origin(part))
            return fail(ErrorCode::invalid, fmt::format("server.api_origins: '{}' is no origin; write scheme://host or "
                                                        "scheme://host:port, such as https://films.example",
                                                        part));
        origins.emplace_back(part);
    }
    if (origins.size() > 1 && std::ranges::find(origins, "*") != origins.end())
        return fail(ErrorCode::invalid, "server.api_origins: * allows every origin; write it alone");
    return origins;
}

Result<ListenAddress> parse_listen_address(std::string_view text) {
    const auto colon = text.rfind(':');
    ListenAddress address;
    if (colon == std::string_view::npos || !read_number(text.substr(colon + 1), address.port))
        return fail(ErrorCode::invalid,
                    fmt::format("'{}' is no address to listen on; write host:port, such as 127.0.0.1:8000", text));
    std::string_view host = text.substr(0, colon);
    if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
    address.host = host.empty() ? "0.0.0.0" : std::string(host);
    return address;
}

std::vector<std::string> parse_list(std::string_view text) {
    std::vector<std::string> list;
    for (const auto part : parts_of(text)) list.emplace_back(part);
    return list;
}

Result<std::vector<RungText>> parse_rungs(std::string_view text) {
    std::vector<RungText> rungs;
    std::string_view rest = text;
    while (!rest.empty()) {
        const auto comma = rest.find(',');
        const auto part = rest.substr(0, comma);
        const auto colon = part.find(':');
        RungText rung;
        const bool valid = colon != std::string_view::npos && read_number(part.substr(0, colon), rung.height) &&
                           read_number(part.substr(colon + 1), rung.cap_kbps) && rung.height >= 96 &&
                           rung.height <= 4320 && rung.height % 2 == 0 && rung.cap_kbps >= 50 &&
                           rung.cap_kbps <= 200'000;
        if (!valid)
            return fail(ErrorCode::invalid,
                        fmt::format("media.rungs: '{}' is no rung; write height:kb/s, such as 720:2400", part));
        rungs.push_back(rung);
        if (comma == std::string_view::npos) break;
        rest.remove_prefix(comma + 1);
    }
    if (rungs.empty())
        return fail(ErrorCode::invalid, "media.rungs names no rung; write height:kb/s, such as 360:800,720:2400");
    std::ranges::sort(rungs, {}, &RungText::height);
    const auto twice = std::ranges::adjacent_find(rungs, {}, &RungText::height);
    if (twice != rungs.end())
        return fail(ErrorCode::invalid, fmt::format("media.rungs has two rungs of height {}", twice->height));
    return rungs;
}

}  // namespace movio::app
