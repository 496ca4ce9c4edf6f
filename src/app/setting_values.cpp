#include "app/setting_values.hpp"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

namespace movio::app {
namespace {

template <class Number>
bool read_number(std::string_view text, Number& value) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc{} && end == text.data() + text.size() && !text.empty();
}

}  // namespace

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
    return rungs;
}

}  // namespace movio::app
