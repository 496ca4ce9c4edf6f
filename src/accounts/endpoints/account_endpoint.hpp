#pragma once
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "accounts/account_service.hpp"
#include "http/endpoint.hpp"

// What the endpoints of log-ins have in common.
namespace movio::accounts {

http::Parameter text_field(std::string name, std::string help, bool required = true,
                           std::optional<std::int64_t> max = std::nullopt);

// Members of the body that the endpoint does not know.
std::vector<http::FieldProblem> unknown_members(const http::EndpointDescription& description, const JsonView& body);

// What is wrong with the fields of a body, as problems of it. What belongs to no field is of the body as a whole, which
// has its own message already.
void add_problems(const FieldErrors& errors, std::vector<http::FieldProblem>& problems);

// Of the group `session`; one that posts takes a small JSON body and draws on the budget of log-ins.
http::EndpointDescription session_description(http::Method method, std::string path, std::string summary);

// Where a request comes from, for the list of log-ins.
SessionWish wish_of(const http::Request& request, SessionKind kind);

struct Credentials {
    std::string credential;
    std::string password;
};

// The two parameters of a log-in, and what a body holds of them; `problems` says what is wrong.
std::vector<http::Parameter> credential_fields();
Credentials read_credentials(const JsonView& body, std::vector<http::FieldProblem>& problems);

// What is said to somebody who has to wait, with how long.
http::Refusal too_many_mistakes(const LogInRefusal& refusal);

// The same of links that are sent.
http::Refusal too_many_links(std::chrono::microseconds wait);
// 202: it is done in a while.
http::Response accepted();

class AccountEndpoint : public http::Endpoint {
public:
    AccountEndpoint(http::EndpointDescription description, AccountService& accounts)
        : Endpoint(std::move(description)), accounts_(accounts) {}

protected:
    AccountService& accounts() { return accounts_; }
    http::Response refuse(ErrorCode code, std::string message, const std::vector<http::FieldProblem>& problems,
                          const http::RequestContext& context) const;

    // 401 where something was wrong, 429 where it was too often.
    http::Response refuse_log_in(const LogInRefusal& refusal, const http::RequestContext& context) const;

private:
    AccountService& accounts_;
};

}  // namespace movio::accounts
