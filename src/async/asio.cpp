// Asio's non-template code, compiled once.
#include <boost/asio/impl/src.hpp>
