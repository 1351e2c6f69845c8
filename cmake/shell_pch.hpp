// Precompiled for shell code: Asio besides the standard library.
#pragma once
#include <utility>

#include <boost/asio.hpp>

#include "cmake/core_pch.hpp"
