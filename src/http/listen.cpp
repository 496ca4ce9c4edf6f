#include "http/listen.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/v6_only.hpp>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include "base/error.hpp"

namespace movio::http {
namespace {

using asio::ip::tcp;
using asio::local::stream_protocol;

[[noreturn]] void refuse(const std::string& where, const boost::system::error_code& error, std::string_view advice) {
    throw Failure("cannot listen on " + where + ": " + error.message() + std::string(advice));
}

[[noreturn]] void refuse(const std::string& host, std::uint16_t port, const boost::system::error_code& error,
                         std::string_view advice) {
    refuse(host + ":" + std::to_string(port), error, advice);
}

asio::ip::address address_of(const std::string& host) {
    boost::system::error_code error;
    const auto address = asio::ip::make_address(host == "localhost" ? "127.0.0.1" : host, error);
    if (error) refuse(host, error, "; give an address, such as 127.0.0.1 or 0.0.0.0");
    return address;
}

}  // namespace

int bind_tcp(const std::string& host, std::uint16_t port) {
    const tcp::endpoint endpoint(address_of(host), port);
    asio::io_context context;
    tcp::acceptor acceptor(context);
    boost::system::error_code error;
    acceptor.open(endpoint.protocol(), error);
    if (!error) acceptor.set_option(tcp::acceptor::reuse_address(true), error);
    // The IPv6 wildcard takes IPv4 clients too.
    if (!error && endpoint.address().is_v6()) acceptor.set_option(asio::ip::v6_only(false), error);
    if (!error) acceptor.bind(endpoint, error);
    if (error == asio::error::access_denied)
        refuse(host, port, error, "; ports below 1024 are root's: start Movio as root, or take one such as 8000");
    if (error) refuse(host, port, error, "; is another server running there?");
    return acceptor.release();
}

tcp::acceptor listen_tcp(asio::any_io_executor executor, int bound) {
    sockaddr_storage address{};
    socklen_t length = sizeof address;
    boost::system::error_code error;
    tcp::acceptor acceptor(executor);
    if (::getsockname(bound, reinterpret_cast<sockaddr*>(&address), &length) != 0)
        error.assign(errno, boost::system::system_category());
    if (!error) acceptor.assign(address.ss_family == AF_INET6 ? tcp::v6() : tcp::v4(), bound, error);
    if (!error) acceptor.listen(tcp::acceptor::max_listen_connections, error);
    if (error) throw Failure("cannot listen: " + error.message() + "; is another server running there?");
    return acceptor;
}

stream_protocol::acceptor listen_unix(asio::any_io_executor executor, const std::filesystem::path& path) {
    if (path.native().size() >= sizeof(sockaddr_un::sun_path))
        throw Failure("cannot listen on " + path.string() +
                      ": the path is longer than a socket's may be; choose a shorter folder");
    struct stat info{};
    if (::lstat(path.c_str(), &info) == 0 && S_ISSOCK(info.st_mode)) ::unlink(path.c_str());
    stream_protocol::acceptor acceptor(executor);
    boost::system::error_code error;
    acceptor.open(stream_protocol(), error);
    if (!error) acceptor.bind(stream_protocol::endpoint(path.string()), error);
    // Nobody can connect before listen, so the mode is right from the first moment on.
    if (!error && ::chmod(path.c_str(), S_IRUSR | S_IWUSR) != 0) error.assign(errno, boost::system::system_category());
    if (!error) acceptor.listen(stream_protocol::acceptor::max_listen_connections, error);
    if (error) refuse(path.string(), error, "; is the folder there and writable?");
    return acceptor;
}

}  // namespace movio::http
