#include "accounts/outside_person.hpp"

#include <algorithm>

#include "accounts/fields.hpp"

namespace movio::accounts {
namespace {

constexpr std::size_t kNameCharactersMax = 35;  // as at sign-up

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }

std::string tidy(std::string_view given) {
    std::string name(strip(given));
    std::ranges::replace_if(name, is_control, ' ');
    while (count_characters(name) > kNameCharactersMax) {
        while (!name.empty() && (static_cast<unsigned char>(name.back()) & 0xc0U) == 0x80U) name.pop_back();
        if (!name.empty()) name.pop_back();
    }
    return std::string(strip(name));
}

}  // namespace

std::string_view to_text(OutsideRefusal refusal) {
    switch (refusal) {
        case OutsideRefusal::no_email: return "no-email";
        case OutsideRefusal::email_not_verified: return "email-not-verified";
        case OutsideRefusal::no_account: return "no-account";
        case OutsideRefusal::disabled: return "disabled";
        case OutsideRefusal::linked_otherwise: return "linked-otherwise";
    }
    return "no-account";
}

OutsideUsers outside_users(std::string_view text) {
    if (text == "signup") return OutsideUsers::by_sign_up;
    return text == "always" ? OutsideUsers::all : OutsideUsers::none;
}

void split_name(std::string_view full, OutsidePerson& person) {
    const auto name = strip(full);
    const auto space = name.rfind(' ');
    person.first_name = space == std::string_view::npos ? name : name.substr(0, space);
    person.last_name = space == std::string_view::npos ? std::string_view() : name.substr(space + 1);
    tidy_names(person);
}

void tidy_names(OutsidePerson& person) {
    person.first_name = tidy(person.first_name);
    person.last_name = tidy(person.last_name);
}

}  // namespace movio::accounts
