#pragma once
// The part of Asio that everything may see; more only in .cpp files (a Beast session costs 10 s to compile).
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace movio {

namespace asio = boost::asio;

template <class T = void>
using Awaitable = asio::awaitable<T>;

}  // namespace movio
