#include "http/forwarded.hpp"

#include <algorithm>

#include <boost/asio/ip/address.hpp>

#include "async/asio.hpp"

namespace movio::http {
namespace {

std::string_view trimmed(std::string_view text) {
    const auto first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(" \t") + 1 - first);
}

// "[::1]:80" → "::1", "192.0.2.1:80" → "192.0.2.1".
std::string_view without_port(std::string_view entry) {
    if (entry.starts_with('[')) return entry.substr(1, entry.find(']') - 1);
    const auto colon = entry.find(':');
    const bool one_colon = colon != std::string_view::npos && entry.find(':', colon + 1) == std::string_view::npos;
    return one_colon ? entry.substr(0, colon) : entry;
}

std::string usual_spelling(std::string_view entry) {
    boost::system::error_code error;
    const auto address = asio::ip::make_address(std::string(without_port(entry)), error);
    if (error) return std::string(entry);
    if (address.is_v6() && address.to_v6().is_v4_mapped())
        return asio::ip::make_address_v4(asio::ip::v4_mapped, address.to_v6()).to_string();
    return address.to_string();
}

}  // namespace

std::string client_address(std::string_view chain, const std::string& peer, std::span<const std::string> proxies) {
    auto client = peer;
    while (!chain.empty() && std::ranges::find(proxies, client) != proxies.end()) {
        const auto comma = chain.rfind(',');
        const auto entry = trimmed(comma == std::string_view::npos ? chain : chain.substr(comma + 1));
        chain = comma == std::string_view::npos ? std::string_view() : chain.substr(0, comma);
        if (!entry.empty()) client = usual_spelling(entry);
    }
    return client;
}

}  // namespace movio::http
