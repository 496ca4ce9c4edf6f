#pragma once
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "access/compact_token.hpp"
#include "base/json.hpp"

// Keys of others, by whom tokens are signed that we take: JSON Web Keys (RFC 7517) of RSA (2048 bits or more) and of
// the curves P-256 and P-384 (RFC 7518 §6).
namespace movio::access {

struct KeyHandle;

struct PublicKey {
    std::string id;         // kid; empty: it has none
    std::string algorithm;  // alg, the only one it is for; empty: any that suits its kind
    std::shared_ptr<const KeyHandle> handle;
};

// Those of a set {"keys": […]} that signatures can be checked by, at most limits::kPublicKeysMax. What is for something
// else, of another kind, or broken is left out (RFC 7517 §5).
std::vector<PublicKey> public_keys(const JsonView& set);

enum class SignatureFault {
    algorithm,    // none that we take
    unknown_key,  // none of the keys could have signed it: there may be newer ones
    wrong,
};

// Whether one of the keys has signed the token: the one that its header names by `kid`, else any that suits. Taken are
// RS256, RS384, RS512, PS256, PS384, PS512, ES256 and ES384 (RFC 7518 §3.1), and no extensions that must be understood
// (`crit`): so neither `none` nor a secret that anybody knows, such as a public key taken for one. nullopt: it is.
std::optional<SignatureFault> signature_fault(const CompactToken& token, const std::vector<PublicKey>& keys);

}  // namespace movio::access
