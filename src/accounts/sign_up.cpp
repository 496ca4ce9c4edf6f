#include "accounts/sign_up.hpp"

#include "accounts/email_address.hpp"
#include "base/limits.hpp"

namespace movio::accounts {
namespace {

constexpr std::size_t kNameMax = 35;
constexpr std::size_t kUsernameMax = 15;
constexpr std::size_t kPhoneNumberMax = 32;
constexpr std::string_view kBadEmail = "Enter a valid email address.";
// By it e-mail addresses and names are told apart at log-in.
constexpr std::string_view kBadUsername = "User Name must not contain @";
constexpr std::string_view kShortPassword = "Password must be at least 6 characters";
static_assert(limits::kPasswordCharactersMin == 6);

std::string read_name(const JsonView& body, std::string_view field, bool required, FieldErrors& errors) {
    return read_text(body, {.name = field, .required = required, .characters_max = kNameMax}, errors).value_or("");
}

}  // namespace

std::optional<std::string> read_new_password(const JsonView& body, std::string_view field, bool required,
                                             FieldErrors& errors) {
    const TextField rules{.name = field,
                          .required = required,
                          .spaces = Spaces::keep,
                          .characters_min = limits::kPasswordCharactersMin,
                          .too_short = kShortPassword,
                          .characters_max = limits::kPasswordCharactersMax};
    return read_text(body, rules, errors);
}

SignUpForm read_sign_up(const JsonView& body, SignUpRule rule) {
    SignUpForm form;
    auto& [values, errors, passwords_differ] = form;
    if (!is_form(body, errors)) return form;
    values.first_name = read_name(body, "first_name", rule != SignUpRule::by_admin, errors);
    values.last_name = read_name(body, "last_name", rule != SignUpRule::by_admin, errors);
    values.username = read_text(body, {.name = "username", .required = false, .characters_max = kUsernameMax}, errors);
    if (values.username && values.username->contains('@')) errors.add("username", std::string(kBadUsername));
    const auto email = read_text(body, {.name = "email"}, errors);
    if (email && !is_email_address(*email)) errors.add("email", std::string(kBadEmail));
    values.email = email.value_or("");
    if (rule == SignUpRule::by_admin)
        values.phone_number =
            read_text(body, {.name = "phone_number", .required = false, .characters_max = kPhoneNumberMax}, errors);
    values.password = read_new_password(body, "password", rule != SignUpRule::by_admin, errors);
    if (rule != SignUpRule::password_twice) return form;
    const auto again = read_text(body, {.name = "password2", .spaces = Spaces::keep}, errors);
    passwords_differ = again != values.password;
    return form;
}

}  // namespace movio::accounts
