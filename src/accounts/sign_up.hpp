#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "accounts/fields.hpp"

namespace movio::accounts {

inline constexpr std::string_view kUsernameTaken = "User with this User Name already exists.";
inline constexpr std::string_view kEmailTaken = "User with this Email Address already exists.";
inline constexpr std::string_view kPasswordsDiffer = "Password does not match!";

// What somebody says who makes an account.
struct SignUp {
    std::string first_name;
    std::string last_name;
    std::optional<std::string> username;
    std::string email;
    std::optional<std::string> phone_number;
    std::optional<std::string> password;
};

// The same as it was read. What is wrong in itself stands in `errors`; whether name and address are free only the
// service knows, which therefore also tells, last of all, that the passwords differ.
struct SignUpForm {
    SignUp values;  // of fields with errors: anything
    FieldErrors errors;
    bool passwords_differ = false;
};

enum class SignUpRule {
    password_twice,  // password and password2 (v1)
    password_once,   // password (v2)
    by_admin,        // perhaps without a password; only the address is required; phone_number is read, too
};

// first_name, last_name, email and the password by the rule; username may be missing, null or empty.
SignUpForm read_sign_up(const JsonView& body, SignUpRule rule);

// A password that somebody wants to have; nullopt when it is none, and then `errors` says why.
std::optional<std::string> read_new_password(const JsonView& body, std::string_view field, bool required,
                                             FieldErrors& errors);

}  // namespace movio::accounts
