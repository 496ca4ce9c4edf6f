#pragma once
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include <gtest/gtest.h>

#include "http/gates.hpp"
#include "http/router.hpp"
#include "http/target.hpp"
#include "support/coroutines.hpp"
#include "support/pieces_body.hpp"

namespace movio::test {

struct Question {
    http::Method method = http::Method::get;
    std::string target = {};  // with its query
    std::optional<http::Caller> caller = {};
    std::string body = {};
    std::string content_type = {};
    std::string base_url = "https://films.example";
    http::Headers headers = {};
};

struct Reply {
    int status = 0;
    std::string text;
    JsonView json;
    http::Headers headers = {};
};

// Asks an endpoint as a session would, without a socket and without gates.
inline Reply ask(Loop& loop, const http::Router& router, Question question, http::BodyReader* body = nullptr) {
    const auto target = http::parse_target(question.target).value();
    const auto found = std::get<http::Router::Found>(router.find(question.method, target.segments));
    http::Request request;
    request.head.method = question.method;
    request.head.target = target.path;
    request.head.segments = target.segments;
    request.head.query = target.query;
    request.head.path = found.path;
    request.head.content_length = static_cast<std::int64_t>(question.body.size());
    request.head.headers = question.headers;
    if (!question.content_type.empty()) request.head.headers.set("content-type", question.content_type);
    request.context.caller = question.caller;
    request.context.base_url = question.base_url;
    PiecesBody whole(question.body);
    request.body = body != nullptr ? body : &whole;
    auto response = loop.run(found.endpoint->handle(request));
    const auto* text = std::get_if<std::string>(&response.body);
    const std::string answer = text != nullptr ? *text : std::string();
    // What is no JSON is null.
    const auto json = JsonView::parse(answer);
    return {response.status, answer, json ? *json : JsonView::parse("null").value(), std::move(response.headers)};
}

// Takes the caller from the header field X-Caller, "<user id>" or "<user id> admin", and refuses strangers where the
// endpoint is for users: what the token gate does, without tokens.
class HeaderGate final : public http::Gate {
public:
    http::GateOrder order() const override { return http::GateOrder::token; }
    Awaitable<std::optional<http::Response>> check(const http::RequestHead& head,
                                                   const http::EndpointDescription& endpoint,
                                                   http::RequestContext& context) override {
        const std::string_view given = head.headers.find("x-caller").value_or("");
        const auto user = UserId::parse(given.substr(0, Uuid::kTextLength));
        if (user) context.caller = http::Caller{*user, given.ends_with(" admin")};
        if (user || endpoint.access == http::Access::everyone) co_return std::nullopt;
        http::Refusal refusal{.error = {ErrorCode::unauthorized, "Log in first", {}}};
        refusal.instance = "jwt-header-malformed";
        co_return http::refuse(endpoint, refusal, context);
    }
};

}  // namespace movio::test
