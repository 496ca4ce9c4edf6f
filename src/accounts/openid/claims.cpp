#include "accounts/openid/claims.hpp"

#include <algorithm>
#include <string>
#include <vector>

namespace movio::accounts {
namespace {

constexpr std::string_view kEmail = "email";
constexpr std::string_view kVerified = "email_verified";

std::vector<std::string> texts_of(const JsonView& claim) {
    if (const auto text = claim.text()) return {std::string(*text)};
    std::vector<std::string> texts;
    const auto count = std::min(claim.size(), limits::kOutsideGroupsMax);
    for (std::size_t i = 0; claim.is_array() && i < count; ++i)
        if (const auto text = claim.at(i).text()) texts.emplace_back(*text);
    return texts;
}

// Of an ID token and what goes with it.
class AllClaims {
public:
    AllClaims(const JsonView& token, const std::optional<JsonView>& user_info) : parts_{token} {
        if (user_info) parts_.push_back(*user_info);
    }

    std::string text(std::string_view name) const {
        for (const auto& part : parts_)
            if (auto found = part.text_or(name, ""); !found.empty()) return found;
        return {};
    }
    std::vector<std::string> texts(std::string_view name) const {
        for (const auto& part : parts_)
            if (const auto found = find_claim(part, name)) return texts_of(*found);
        return {};
    }
    // The part that tells the address: the first that says whether it is verified, else the first.
    std::optional<JsonView> of_email() const {
        std::optional<JsonView> first;
        for (const auto& part : parts_) {
            if (part.text_or(kEmail, "").empty()) continue;
            if (part.find(kVerified)) return part;
            if (!first) first = part;
        }
        return first;
    }

private:
    std::vector<JsonView> parts_;
};

void take_name(const AllClaims& claims, OutsidePerson& person) {
    person.first_name = claims.text("given_name");
    person.last_name = claims.text("family_name");
    if (person.first_name.empty() && person.last_name.empty())
        split_name(claims.text("name"), person);
    else
        tidy_names(person);
}

std::optional<Role> granted(const AllClaims& claims, const OpenIdOptions& options) {
    std::optional<Role> highest;
    for (const auto& value : claims.texts(options.roles_claim)) {
        const auto found = options.roles.find(value);
        if (found != options.roles.end()) highest = std::max(highest.value_or(Role::viewer), found->second);
    }
    return highest;
}

}  // namespace

std::optional<JsonView> find_claim(const JsonView& claims, std::string_view name) {
    if (auto whole = claims.find(name)) return whole;
    const auto dot = name.find('.');
    if (dot == std::string_view::npos) return std::nullopt;
    const auto outer = claims.find(name.substr(0, dot));
    return outer ? find_claim(*outer, name.substr(dot + 1)) : std::nullopt;
}

bool says_all(const JsonView& claims, const OpenIdOptions& options) {
    const auto says = [&](std::string_view name) { return name.empty() || find_claim(claims, name).has_value(); };
    const bool named = says("name") || says("given_name") || says("family_name");
    return named && says(kEmail) && says(kVerified) && says(options.groups_claim) &&
           (options.roles.empty() || says(options.roles_claim));
}

OutsidePerson person_of(const JsonView& token, const std::optional<JsonView>& user_info, const OpenIdOptions& options) {
    const AllClaims claims(token, user_info);
    OutsidePerson person;
    person.by = BegunBy::openid;
    person.issuer = options.issuer;
    person.subject = token.text_or("sub", "");
    if (const auto part = claims.of_email()) {
        person.email = part->text_or(kEmail, "");
        person.email_verified = part->boolean_or(kVerified, false);
    }
    take_name(claims, person);
    if (!options.groups_claim.empty()) person.groups = claims.texts(options.groups_claim);
    if (!options.roles.empty()) person.role = granted(claims, options);
    return person;
}

}  // namespace movio::accounts
