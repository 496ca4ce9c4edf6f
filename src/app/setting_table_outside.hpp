#pragma once
#include <array>

#include "app/settings.hpp"

namespace movio::app {

// Settings of log-ins by the word of others; a part of setting_table().
inline constexpr std::array kOutsideSettings{
    SettingInfo{.path = "oidc.issuer",
                .type = SettingType::text,
                .fallback = "",
                .unit = "URL",
                .help =
                    "Issuer of an OpenID Connect provider by which people log in, to the letter as it calls itself. "
                    "Empty: by none. The address that it sends people back to, which it wants to be told, is that "
                    "of this server (server.public_url) with /api/v2/openid/callback."},
    SettingInfo{.path = "oidc.client_id",
                .type = SettingType::text,
                .fallback = "",
                .unit = "text",
                .help = "What the provider knows this server by."},
    SettingInfo{.path = "oidc.client_secret",
                .type = SettingType::text,
                .fallback = "",
                .unit = "text",
                .help = "By which it knows that it is this server. Empty: a public client.",
                .secret = true},
    SettingInfo{.path = "oidc.scopes",
                .type = SettingType::text,
                .fallback = "openid email profile",
                .unit = "words",
                .help = "What it is asked for; openid is among it. Some tell groups by a scope of their own alone."},
    SettingInfo{.path = "oidc.button",
                .type = SettingType::text,
                .fallback = "Log in with your organisation",
                .unit = "text",
                .help = "What the page for logging in offers it as."},
    SettingInfo{.path = "oidc.groups_claim",
                .type = SettingType::text,
                .fallback = "",
                .unit = "claim",
                .help =
                    "Claim that names whom somebody belongs to, such as groups. By it they are members of the groups "
                    "that have such an external name (movio group set). Empty: the provider says nothing of groups."},
    SettingInfo{.path = "oidc.roles_claim",
                .type = SettingType::text,
                .fallback = "roles",
                .unit = "claim",
                .help = "Claim for oidc.roles; realm_access.roles is one within another."},
    SettingInfo{.path = "oidc.roles",
                .type = SettingType::text,
                .fallback = "",
                .unit = "VALUE=ROLE, by commas",
                .help =
                    "Roles by values of that claim, such as staff=uploader,media-team=admin; of several the highest. "
                    "Set at a log-in where it is another than at the one before; none is accounts.signup_role. "
                    "Empty: the provider grants none."},
    SettingInfo{.path = "oidc.create_users",
                .type = SettingType::choice,
                .fallback = "signup",
                .unit = "",
                .help =
                    "Whose account is made at their first log-in by a provider or a proxy. signup: who could sign up "
                    "by accounts.signup (open, domains); always: everybody whom it lets in; never: nobody, so that "
                    "they need an account with their address.",
                .choices = "signup|always|never"},
    SettingInfo{.path = "trusted_header.user",
                .type = SettingType::text,
                .fallback = "",
                .unit = "header",
                .help =
                    "Header field in which a proxy of server.trusted_proxies names the e-mail address of whom it has "
                    "logged in, such as X-Forwarded-Email; from anybody else it counts for nothing. The proxy must "
                    "take the field out of what clients send. Empty: no proxy logs people in."},
    SettingInfo{.path = "trusted_header.name",
                .type = SettingType::text,
                .fallback = "",
                .unit = "header",
                .help = "Field with the full name, for accounts that are made. Empty: none."},
    SettingInfo{.path = "trusted_header.groups",
                .type = SettingType::text,
                .fallback = "",
                .unit = "header",
                .help =
                    "Field that names whom somebody belongs to, by semicolons, or where there is none by commas; as "
                    "oidc.groups_claim. Empty: the proxy says nothing of groups."},
    SettingInfo{.path = "trusted_header.button",
                .type = SettingType::text,
                .fallback = "Log in with your organisation",
                .unit = "text",
                .help = "What the page for logging in offers it as."},
    SettingInfo{.path = "trusted_header.log_out",
                .type = SettingType::text,
                .fallback = "",
                .unit = "URL or path",
                .help =
                    "Where one logs out of the proxy, to which the page leads who logs out. Empty: one stays logged "
                    "in there."},
};

}  // namespace movio::app
