#include "accounts/next_page.hpp"

#include <algorithm>

#include "base/limits.hpp"

namespace movio::accounts {

std::string next_page(std::string_view path) {
    const auto stands_in_addresses = [](char c) { return c > ' ' && c < 0x7f && c != '\\' && c != '"'; };
    const bool is_ours = path.starts_with('/') && !path.starts_with("//") && path.size() <= limits::kNextPageBytesMax &&
                         std::ranges::all_of(path, stands_in_addresses);
    return is_ours ? std::string(path) : "/";
}

}  // namespace movio::accounts
