#include "access/endpoints/token_gate.hpp"

#include <algorithm>

#include "access/jwt.hpp"
#include "access/secret.hpp"
#include "base/clock.hpp"
#include "http/origin.hpp"

namespace movio::access {
namespace {

using http::origin_of;
using http::RequestContext;
using http::RequestHead;

constexpr std::int64_t kSecondUs = 1'000'000;
constexpr std::string_view kHeaderMalformed = "jwt-header-malformed";
constexpr std::string_view kExpired = "jwt-signature-expired";
constexpr std::string_view kDecodeError = "jwt-decode-error";

constexpr std::string_view kNobody =
    "This needs somebody who is logged in: send an access token as 'Authorization: Bearer TOKEN'.";
constexpr std::string_view kNoBearerToken =
    "The Authorization header holds no token; it must be 'Authorization: Bearer TOKEN'.";
constexpr std::string_view kTokenExpired = "The access token has expired. Log in again.";
constexpr std::string_view kTokenBad = "The access token is not valid. Log in again.";
constexpr std::string_view kOtherSite =
    "Requests that change something and are logged in by cookie are taken from this site's own pages alone. Programs "
    "send an access token as 'Authorization: Bearer TOKEN'.";
constexpr std::string_view kNotUploader =
    "Your account may watch films but not add any. Ask an administrator for the role of an uploader.";
constexpr std::string_view kNotChecked =
    "Your e-mail address is not checked yet, so you may not add films. Open the link that was sent to it.";
constexpr std::string_view kPeopleOnly = "No token for programs may do this. Log in.";
constexpr std::string_view kNotModerator = "Only a moderator may do this.";
constexpr std::string_view kNotAdmin = "Only an administrator may do this.";

// What the Authorization header holds.
struct Bearer {
    bool given = false;      // the scheme is Bearer
    std::string_view token;  // empty: none, or one of two
};

Bearer bearer_of(const RequestHead& head) {
    static constexpr std::string_view kScheme = "bearer";
    const auto field = head.headers.find("authorization");
    if (!field || field->size() < kScheme.size() ||
        !http::equals_ignoring_case(field->substr(0, kScheme.size()), kScheme))
        return {};
    auto rest = field->substr(kScheme.size());
    if (!rest.empty() && rest.front() != ' ' && rest.front() != '\t') return {};
    rest.remove_prefix(std::min(rest.find_first_not_of(" \t"), rest.size()));
    rest = rest.substr(0, rest.find_last_not_of(" \t") + 1);
    // Which of two would be meant?
    if (head.headers.count("authorization") > 1) rest = {};
    return {true, rest};
}

// Somebody whom a token speaks for.
struct Known {
    http::Caller caller;
    bool email_checked = true;
};

// A token that counted, and what must stay so for it to count on.
struct Admission {
    Known known;
    std::int64_t issued_s = 0;
    std::optional<std::int64_t> expires_us = {};
    std::optional<Role> role = {};  // as the token says
    std::string program_hash = {};  // of a token for programs
    Scopes scopes = {.read = true, .upload = true, .manage = true};
};

// The scope that an endpoint asks for; nullptr: it is there.
const char* missing_scope(const Scopes& scopes, const http::EndpointDescription& endpoint, http::Method method) {
    const bool reads = method == http::Method::get || method == http::Method::head || method == http::Method::options;
    if (endpoint.access == http::Access::uploader) return scopes.upload ? nullptr : "upload";
    if (endpoint.access == http::Access::moderator || endpoint.access == http::Access::admin || !reads)
        return scopes.manage ? nullptr : "manage";
    return scopes.read ? nullptr : "read";
}

bool is_write(http::Method method) {
    return method != http::Method::get && method != http::Method::head && method != http::Method::options;
}

bool comes_from_our_pages(const RequestHead& head, const RequestContext& context,
                          const std::vector<std::string>& allowed) {
    const auto origin = head.headers.find("origin");
    const auto name = origin ? origin_of(*origin) : std::string();
    if (!name.empty() && std::ranges::any_of(allowed, [&](const auto& one) { return origin_of(one) == name; }))
        return true;
    // Browsers alone can set it (Fetch Metadata §2.4); `none` is the user's own doing.
    if (const auto site = head.headers.find("sec-fetch-site")) return *site == "same-origin" || *site == "none";
    return !name.empty() && (name == origin_of(context.base_url) || name == origin_of(head.scheme + "://" + head.host));
}

// What stays open where logging in is required: the page, what one needs to log in, and what the law asks for.
bool stays_open(const http::EndpointDescription& endpoint) {
    const auto& path = endpoint.path;
    if (!path.starts_with("/api/") && !path.starts_with("/media/")) return true;
    return endpoint.rate == http::RateClass::login || path == "/api/v2/session" || path == "/api/v2/session/ways" ||
           path == "/api/v2/signup" || path == "/api/v2/pages" || path.starts_with("/api/v2/pages/") ||
           path.ends_with("/healthcheck/");
}

class TokenGate final : public http::Gate {
public:
    TokenGate(const KeyRing& keys, Standings& standings, Grants& grants, TokenGateOptions options)
        : keys_(keys), standings_(standings), grants_(grants), options_(std::move(options)) {}

    http::GateOrder order() const override { return http::GateOrder::token; }

    Awaitable<std::optional<http::Response>> check(const RequestHead& head, const http::EndpointDescription& endpoint,
                                                   RequestContext& context) override {
        const auto bearer = bearer_of(head);
        bool email_checked = true;
        if (bearer.given) {
            if (bearer.token.empty()) co_return unauthorized(endpoint, context, kHeaderMalformed, kNoBearerToken);
            const bool is_program = bearer.token.starts_with(kApiTokenPrefix);
            const auto admission = is_program ? co_await admission_of_program(token_hash(bearer.token))
                                              : co_await admission_of(bearer.token);
            if (!admission)
                co_return admission.error() == TokenFault::expired
                    ? unauthorized(endpoint, context, kExpired, kTokenExpired)
                    : unauthorized(endpoint, context, kDecodeError, kTokenBad);
            if (auto refused = refused_program(*admission, head, endpoint, context)) co_return refused;
            email_checked = admission->known.email_checked;
            admit(*admission, context);
        } else if (const auto cookie = find_cookie(head.headers, session_cookie_name(head.scheme))) {
            const auto admission = co_await admission_of(*cookie);
            if (admission) {
                if (is_write(head.method) && !comes_from_our_pages(head, context, options_.allowed_origins))
                    co_return forbidden(endpoint, context, kOtherSite);
                email_checked = admission->known.email_checked;
                admit(*admission, context);
            }
        }
        const bool needed =
            endpoint.access != http::Access::everyone || (options_.require_login && !stays_open(endpoint));
        if (needed && !context.caller) co_return unauthorized(endpoint, context, kHeaderMalformed, kNobody);
        if (endpoint.access == http::Access::uploader && !context.caller->may_upload)
            co_return forbidden(endpoint, context, kNotUploader);
        if (endpoint.access == http::Access::uploader && !email_checked)
            co_return forbidden(endpoint, context, kNotChecked);
        if (endpoint.access == http::Access::moderator && !context.caller->moderator)
            co_return forbidden(endpoint, context, kNotModerator);
        if (endpoint.access == http::Access::admin && !context.caller->admin)
            co_return forbidden(endpoint, context, kNotAdmin);
        co_return std::nullopt;
    }

private:
    // `token` is a part of the head, which outlives the call.
    Awaitable<std::expected<Admission, TokenFault>> admission_of(std::string_view token) {
        const auto claims = verify(token, keys_, wall_now_us() / kSecondUs);
        if (!claims) co_return std::unexpected(claims.error());
        if (claims->type != TokenType::access) co_return std::unexpected(TokenFault::bad);
        auto known = co_await known_user(claims->user, claims->issued_s, claims->role);
        if (!known) co_return std::unexpected(TokenFault::bad);
        if (claims->session) {
            if (co_await grants_.is_ended(SessionId(*claims->session))) co_return std::unexpected(TokenFault::bad);
            known->caller.session = *claims->session;
        }
        co_return Admission{*known, claims->issued_s, claims->expires_s * kSecondUs, claims->role};
    }

    Awaitable<std::expected<Admission, TokenFault>> admission_of_program(std::string hash) {
        const auto grant = co_await grants_.find(hash);
        if (!grant) co_return std::unexpected(TokenFault::bad);
        if (grant->expires_us && *grant->expires_us <= wall_now_us()) co_return std::unexpected(TokenFault::expired);
        // Whenever it was made: a new password ends log-ins, not programs.
        auto known = co_await known_user(grant->user, std::nullopt, std::nullopt);
        if (!known) co_return std::unexpected(TokenFault::bad);
        auto& caller = known->caller;
        caller.program = true;
        caller.token = hash;
        caller.admin = caller.admin && grant->scopes.manage;
        caller.moderator = caller.moderator && grant->scopes.manage;
        co_return Admission{*known, 0, grant->expires_us, std::nullopt, std::move(hash), grant->scopes};
    }

    static std::optional<http::Response> refused_program(const Admission& admission, const RequestHead& head,
                                                         const http::EndpointDescription& endpoint,
                                                         const RequestContext& context) {
        if (!admission.known.caller.program) return std::nullopt;
        if (endpoint.people_only) return forbidden(endpoint, context, kPeopleOnly);
        const auto* scope = missing_scope(admission.scopes, endpoint, head.method);
        if (scope == nullptr) return std::nullopt;
        return forbidden(endpoint, context,
                         std::string("This token may not do this: it lacks the scope '") + scope + "'.");
    }

    // nullopt: what was issued then does not count.
    Awaitable<std::optional<Known>> known_user(UserId user, std::optional<std::int64_t> issued_s,
                                               std::optional<Role> said) {
        const auto standing = co_await standings_.find(user);
        if (!standing)
            co_return Known{in_role(user, said.value_or(options_.unheard_role)), options_.unheard_email_checked};
        const bool counts = standing->enabled && (!issued_s || (*issued_s + 1) * kSecondUs > standing->not_before_us);
        if (!counts) co_return std::nullopt;
        co_return Known{in_role(user, standing->role), standing->email_checked};
    }

    static http::Caller in_role(UserId user, Role role) {
        http::Caller caller;
        caller.user = user;
        caller.admin = role == Role::admin;
        caller.may_upload = may_upload(role);
        caller.moderator = role >= Role::moderator;
        caller.role = to_text(role);
        return caller;
    }

    void admit(const Admission& admission, RequestContext& context) {
        context.caller = admission.known.caller;
        context.caller_counts = [this, admission] { return still_counts(admission); };
    }

    Awaitable<bool> still_counts(Admission admission) {
        if (admission.expires_us && *admission.expires_us <= wall_now_us()) co_return false;
        const auto& then = admission.known.caller;
        if (!then.session.is_nil() && co_await grants_.is_ended(SessionId(then.session))) co_return false;
        if (then.program && !co_await grants_.find(admission.program_hash)) co_return false;
        const auto issued_s = then.program ? std::nullopt : std::optional(admission.issued_s);
        const auto now = co_await known_user(then.user, issued_s, admission.role);
        co_return now && (now->caller.admin || !then.admin) && (now->caller.moderator || !then.moderator);
    }

    static http::Response unauthorized(const http::EndpointDescription& endpoint, const RequestContext& context,
                                       std::string_view instance, std::string_view message) {
        http::Refusal refusal;
        refusal.error = {ErrorCode::unauthorized, std::string(message), {}};
        refusal.status = 401;
        refusal.instance = instance;
        auto response = http::refuse(endpoint, refusal, context);
        response.headers.set("WWW-Authenticate", "Bearer");
        return response;
    }

    static http::Response forbidden(const http::EndpointDescription& endpoint, const RequestContext& context,
                                    std::string_view message) {
        http::Refusal refusal;
        refusal.error = {ErrorCode::forbidden, std::string(message), {}};
        refusal.status = 403;
        return http::refuse(endpoint, refusal, context);
    }

    const KeyRing& keys_;
    Standings& standings_;
    Grants& grants_;
    TokenGateOptions options_;
};

}  // namespace

std::unique_ptr<http::Gate> token_gate(const KeyRing& keys, Standings& standings, Grants& grants,
                                       TokenGateOptions options) {
    return std::make_unique<TokenGate>(keys, standings, grants, std::move(options));
}

}  // namespace movio::access
