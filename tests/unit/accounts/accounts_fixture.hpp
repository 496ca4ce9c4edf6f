#pragma once
#include <map>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "accounts/account_service.hpp"
#include "accounts/user_rows.hpp"
#include "support/sqlite_service.hpp"

namespace movio::accounts::test {

inline constexpr PasswordCost kCheapPasswords{.memory_bytes = 64 << 10, .passes = 1};

// The whole service on its real database, with passwords that cost little.
struct Accounts {
    // What others were told, oldest first.
    std::vector<Event> events() {
        return service.read([](SqlSession& session) {
            std::vector<Event> events;
            for (const auto& row : session.run("SELECT body FROM outbox ORDER BY created_us, id").rows)
                events.push_back(event_from_json(row.text(0)).value());
            return events;
        });
    }
    std::vector<std::string> event_types() {
        std::vector<std::string> types;
        for (const auto& event : events()) types.push_back(event.type);
        return types;
    }
    User user(UserId id) {
        return service.read([id](SqlSession& session) { return find_user(session, id).value(); });
    }
    void set_hash(UserId id, const std::string& hash) {
        service.write([&](SqlSession& session) {
            session.run("UPDATE users SET password_hash = $2 WHERE id = $1", {sql(id.text()), sql(hash)});
        });
    }

    static SignUpForm form(std::string_view name = "ada", std::string_view password = "secret1") {
        SignUpForm form;
        form.values = {.first_name = "Ada",
                       .last_name = "Lovelace",
                       .username = std::string(name),
                       .email = fmt::format("{}@example.org", name),
                       .phone_number = std::nullopt,
                       .password = std::string(password)};
        return form;
    }
    User sign_up(std::string_view name = "ada", std::string_view password = "secret1") {
        return service.loop.run(accounts.sign_up(form(name, password))).value().user;
    }
    std::expected<LoggedIn, LogInRefusal> log_in(std::string credential, std::string password = "secret1") {
        return service.loop.run(accounts.log_in(std::move(credential), std::move(password)));
    }

    movio::test::SqliteService service{"accounts"};
    ledger::Outbox outbox;
    Pool crypto{"crypto", 2, 64};
    PasswordWorker passwords{crypto, {.cost = kCheapPasswords}};
    access::KeyRing keys{access::KeyRing::configured("0123456789abcdef0123456789abcdef", {}).value()};
    AccountService accounts{service.database,
                            outbox,
                            passwords,
                            keys,
                            {.token_lifetime_s = 3600, .signup = {.rule = SignUpFor::everybody}}};
};

}  // namespace movio::accounts::test
