#pragma once
#include <cstdint>
#include <filesystem>
#include <string>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>

#include "async/asio.hpp"

namespace movio::http {

// Both throw Failure that names the address and what to do.
asio::ip::tcp::acceptor listen_tcp(asio::any_io_executor executor, const std::string& host, std::uint16_t port);
// Replaces a socket left behind by a killed process; nobody but the owner can connect (mode 0600).
asio::local::stream_protocol::acceptor listen_unix(asio::any_io_executor executor, const std::filesystem::path& path);

}  // namespace movio::http
