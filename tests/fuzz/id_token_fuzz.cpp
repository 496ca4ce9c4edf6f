// Whatever a provider sends, only what it has signed counts; keys, claims and metadata are read without a fault.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "accounts/openid/claims.hpp"
#include "accounts/openid/id_token.hpp"
#include "accounts/openid/provider.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace movio::accounts;
    // RFC 7515, appendix A.3.1, whose private half no input has.
    static const auto keys = movio::access::public_keys(
        movio::JsonView::parse(
            R"({"keys":[{"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",)"
            R"("y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}]})")
            .value());
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    if (check_id_token(text, keys, {.issuer = "a", .client_id = "b", .nonce = "c", .now_s = 0})) std::abort();
    if (const auto json = movio::JsonView::parse(text)) {
        movio::access::public_keys(*json);
        OpenIdOptions options;
        options.groups_claim = "a.b";
        options.roles = {{"x", movio::access::Role::admin}};
        const auto person = person_of(*json, *json, options);
        if (person.first_name.size() > 140 || person.last_name.size() > 140) std::abort();
        if (const auto metadata = read_metadata(std::string(text), json->text_or("issuer", "")))
            if (!movio::may_be_asked(metadata->token_endpoint)) std::abort();
    }
    return 0;
}
