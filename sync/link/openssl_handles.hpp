// OpenSSL's objects, owned. For this folder's .cpp files only.
#pragma once

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

#include <memory>
#include <string_view>

namespace gatehouse::sync {

template <auto free>
struct FreeWith {
    template <class T>
    void operator()(T* object) const {
        free(object);
    }
};
using Bio = std::unique_ptr<BIO, FreeWith<BIO_free>>;
using Key = std::unique_ptr<EVP_PKEY, FreeWith<EVP_PKEY_free>>;
using X509Certificate = std::unique_ptr<X509, FreeWith<X509_free>>;
using X509Request = std::unique_ptr<X509_REQ, FreeWith<X509_REQ_free>>;
using X509Store = std::unique_ptr<X509_STORE, FreeWith<X509_STORE_free>>;
using X509StoreContext = std::unique_ptr<X509_STORE_CTX, FreeWith<X509_STORE_CTX_free>>;

// Reads the text's first object of its kind; null when there is none. OpenSSL's error queue is left empty.
[[nodiscard]] X509Certificate read_certificate(std::string_view pem);
[[nodiscard]] X509Request read_request(std::string_view pem);
[[nodiscard]] Key read_key(std::string_view pem);

}  // namespace gatehouse::sync
