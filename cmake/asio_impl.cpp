// Boost.Asio, its TLS part and Beast, compiled once: see BOOST_ASIO_SEPARATE_COMPILATION in options.cmake.
#include <utility>

#include <boost/asio/impl/src.hpp>
#include <boost/asio/ssl/impl/src.hpp>
#include <boost/beast/src.hpp>
