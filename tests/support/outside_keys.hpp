#pragma once
#include <memory>
#include <string>
#include <string_view>

#include "base/json.hpp"

namespace movio::test {

// A key pair of somebody else, as a provider has them, and tokens that it signs.
class OutsideKey {
public:
    // "RSA", with so many bits, or "P-256", "P-384".
    static OutsideKey make(std::string_view kind, std::string id, int bits = 2048);

    // The public half as a JSON Web Key; `more` goes into it: R"(,"use":"sig")".
    std::string jwk(std::string_view more = {}) const;
    // {"keys": [it]}
    std::string jwk_set(std::string_view more = {}) const { return R"({"keys":[)" + jwk(more) + "]}"; }
    // A token with this payload; the header has alg and kid, and `more` of R"(,"crit":["b64"])".
    std::string sign(std::string_view algorithm, std::string_view payload, std::string_view more = {}) const;

    struct Pair;

private:
    OutsideKey(std::string id, std::shared_ptr<Pair> pair) : id_(std::move(id)), pair_(std::move(pair)) {}

    std::string id_;
    std::shared_ptr<Pair> pair_;
};

// A token whose signature is the HMAC of it with a text that everybody knows.
std::string sign_by_hmac(std::string_view secret, std::string_view payload);

}  // namespace movio::test
