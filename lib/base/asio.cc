// Asio, compiled once for all of us (BOOST_ASIO_SEPARATE_COMPILATION in cmake/latchkey.cmake).
#include <boost/asio/impl/src.hpp>
#include <boost/asio/ssl/impl/src.hpp>
