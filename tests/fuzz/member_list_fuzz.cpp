// What is read of a list of people are addresses, each once, and a list of these alone reads the same.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <set>
#include <string>
#include <string_view>

#include "accounts/email_address.hpp"
#include "accounts/member_list.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace movio::accounts;
    const auto list = read_member_list({reinterpret_cast<const char*>(data), size});
    if (!list) return 0;
    std::set<std::string> keys;
    std::string again = "email\n";
    for (const auto& email : *list) {
        if (!is_email_address(email) || !keys.insert(email_key(email)).second) std::abort();
        again += '"';
        for (const char c : email) again.append(c == '"' ? 2 : 1, c);
        again += "\"\n";
    }
    const auto same = read_member_list(again);
    if (!same || *same != *list) std::abort();
    return 0;
}
