#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace movio::app {

struct ListenAddress {
    std::string host;
    std::uint16_t port = 0;
};

// "127.0.0.1:8000", "localhost:0", "[::1]:8000", ":8000" (all addresses).
Result<ListenAddress> parse_listen_address(std::string_view text);

// "10.0.0.1, fd00::1" as addresses in their usual spelling; empty text names none.
Result<std::vector<std::string>> parse_proxies(std::string_view text);

// "https://films.example, http://localhost:3000" as origins (RFC 6454 §6.1), or "*" alone for all.
Result<std::vector<std::string>> parse_origins(std::string_view text);

// "viewer.search=60" as its three parts; nullopt where one is missing.
struct RoleValue {
    std::string role;
    std::string kind;
    std::string value;
};
std::optional<RoleValue> split_role_value(std::string_view text);

// Digits alone.
std::optional<std::int64_t> parse_whole_number(std::string_view text, std::int64_t least, std::int64_t most);

// "a, b" as its parts, without the spaces around them; empty ones are left out.
std::vector<std::string> parse_list(std::string_view text);

// "360:800,480:1200" as rungs, ascending by height.
struct RungText {
    int height = 0;
    int cap_kbps = 0;
};
Result<std::vector<RungText>> parse_rungs(std::string_view text);

}  // namespace movio::app
