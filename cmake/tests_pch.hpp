// Precompiled for tests: the standard library and doctest.
#pragma once
#include <doctest/doctest.h>

#include "cmake/core_pch.hpp"
