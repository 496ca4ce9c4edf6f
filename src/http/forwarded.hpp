#pragma once
#include <span>
#include <string>
#include <string_view>

namespace movio::http {

// Whose request it is that came from `peer` with this X-Forwarded-For, its lines joined by commas: the last address of
// the way that is none of our own proxies, since whatever stands before it is the client's word. Where all are ours it
// is the first of them. `proxies` are addresses in their usual spelling. An entry may be an address with a port, IPv6
// in brackets; one that is no address at all stands as the proxy wrote it.
std::string client_address(std::string_view chain, const std::string& peer, std::span<const std::string> proxies);

}  // namespace movio::http
