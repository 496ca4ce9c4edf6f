#include "app/quota_endpoints.hpp"

#include <utility>
#include <vector>

#include <fmt/format.h>

#include "app/admin_endpoint.hpp"
#include "app/quota_settings.hpp"
#include "audit/endpoints/actor_of.hpp"

namespace movio::app {
namespace {

constexpr int kUsersMax = 100;  // as on a page of users
constexpr std::int64_t kNumberCharactersMax = 20;

void never_kept(http::Headers& headers) { headers.set("Cache-Control", "no-store"); }

struct ListQuotas {
    struct Input {
        std::vector<std::string> users;
    };
    using Output = std::vector<std::pair<UserId, catalog::QuotaState>>;

    static http::EndpointDescription describe() {
        auto description = public_admin_endpoint(http::Method::get, "/api/v2/admin/quotas",
                                                 "What these users' films take and may take.");
        description.answers = {{200, "Of each, in that order.", "QuotaList"}};
        return description;
    }
    static http::Fields<Input> fields() {
        return {http::in_query("user", &Input::users,
                               {.required = true, .min = 1, .max = kUsersMax, .help = "Ids of users."})};
    }
    static void write(JsonWriter& json, const Output& states) {
        json.begin_object().key("items").begin_array();
        for (const auto& [user, state] : states) {
            json.begin_object().member("user_id", user.text()).key("quota");
            catalog::write(json, state);
            json.end_object();
        }
        json.end_array().end_object();
    }
    static void headers(http::Headers& headers, const Output&) { never_kept(headers); }

    Awaitable<Result<Output>> operator()(Input input, const http::RequestContext&) {
        Output states;
        for (const auto& text : input.users) {
            const auto user = UserId::parse(text);
            if (!user) co_return fail(ErrorCode::invalid, fmt::format("'{}' is not the id of a user", text));
            states.emplace_back(*user, co_await quotas->find(*user));
        }
        co_return states;
    }

    catalog::Quotas* quotas;
};

struct ChangeQuota {
    struct Input {
        UserId user;
        std::optional<std::string> bytes;
        std::optional<std::string> minutes;
        std::optional<std::string> uploads_per_day;
    };
    using Output = catalog::QuotaState;

    static http::EndpointDescription describe() {
        auto description = public_admin_endpoint(http::Method::patch, "/api/v2/admin/quotas/{user}",
                                                 "Changes what one user may have; what is left out stays.");
        description.answers = {{200, "Used and limit of each.", "Quota"}};
        description.errors.push_back(ErrorCode::not_found);
        return description;
    }
    static http::Fields<Input> fields() {
        const auto rules = [](const char* what) {
            return http::FieldRules{
                .max = kNumberCharactersMax,
                .help = fmt::format("{}: a whole number as text, `none` for no limit, `role` for as the role has it.",
                                    what)};
        };
        return {http::in_path("user", &Input::user, {.help = "The user's id."}),
                http::in_body("bytes", &Input::bytes, rules("Of their files")),
                http::in_body("minutes", &Input::minutes, rules("Of their films")),
                http::in_body("uploads_per_day", &Input::uploads_per_day, rules("In 24 hours"))};
    }
    static void write(JsonWriter& json, const Output& state) { catalog::write(json, state); }
    static void headers(http::Headers& headers, const Output&) { never_kept(headers); }

    Awaitable<Result<Output>> operator()(Input input, const http::RequestContext& context) {
        catalog::QuotaChange change;
        for (const auto& [kind, text] :
             {std::pair(catalog::QuotaKind::bytes, input.bytes), std::pair(catalog::QuotaKind::minutes, input.minutes),
              std::pair(catalog::QuotaKind::uploads_per_day, input.uploads_per_day)}) {
            if (!text) continue;
            const auto own = parse_own_quota(*text);
            if (!own)
                co_return fail(
                    ErrorCode::invalid,
                    fmt::format("{}: write a whole number, none for no limit, or role for as the role has it",
                                to_text(kind)));
            change[kind] = *own;
        }
        if (!co_await users->find(input.user)) co_return fail(ErrorCode::not_found, "There is no such user.");
        co_await quotas->change(input.user, std::move(change), audit::actor_of(context));
        co_return co_await quotas->find(input.user);
    }

    catalog::Quotas* quotas;
    catalog::Users* users;
};

}  // namespace

void add_quota_endpoints(http::Router& router, catalog::Quotas& quotas, catalog::Users& users) {
    router.add(http::make_endpoint(ListQuotas{&quotas}));
    router.add(http::make_endpoint(ChangeQuota{&quotas, &users}));
}

}  // namespace movio::app
