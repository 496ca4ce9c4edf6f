#pragma once
#include <cstdint>
#include <filesystem>
#include <string>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>

#include "async/asio.hpp"

namespace movio::http {

// All throw Failure that names the address and what to do.

// A socket bound to the address, for listen_tcp, whose it then is. Apart from listening, because a port below 1024 can
// be had only as long as the program is root.
int bind_tcp(const std::string& host, std::uint16_t port);
asio::ip::tcp::acceptor listen_tcp(asio::any_io_executor executor, int bound);
// Replaces a socket left behind by a killed process; nobody but the owner can connect (mode 0600).
asio::local::stream_protocol::acceptor listen_unix(asio::any_io_executor executor, const std::filesystem::path& path);

}  // namespace movio::http
