// What is taken for an address is short, has an @, and is the same address in any case.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "accounts/email_address.hpp"
#include "accounts/fields.hpp"
#include "accounts/passwords.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace movio::accounts;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto key = email_key(text);
    if (email_key(key) != key) std::abort();
    if (is_email_address(text) && (!text.contains('@') || count_characters(text) > 320)) std::abort();
    if (const auto stripped = strip(text); strip(stripped) != stripped) std::abort();
    // Its cost is known before a hash is computed.
    if (is_password_hash(text) && memory_bytes_of(text) > 256 << 20) std::abort();
    return 0;
}
