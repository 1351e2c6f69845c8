// Lets doctest print a Result in a failed CHECK without asking that its value be printable. Include after doctest.
#pragma once

#include <doctest/doctest.h>

#include "schemas/base/result.hpp"

template <class T>
struct doctest::StringMaker<boost::system::result<T, gatehouse::Error>> {
    static String convert(const boost::system::result<T, gatehouse::Error>& result) {
        if (result.has_value()) return "a value";
        const std::string text = std::string{to_string(result.error().code)} + ": " + result.error().detail;
        return text.c_str();
    }
};
