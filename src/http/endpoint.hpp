#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "base/json.hpp"
#include "base/limits.hpp"
#include "http/input.hpp"
#include "http/request.hpp"
#include "http/response.hpp"

namespace movio::http {

// `form` is a small body of named texts: JSON, application/x-www-form-urlencoded or multipart/form-data.
enum class BodyKind { none, json, form, stream };
// `uploader`: a user who may add films; `moderator`: one who decides on those of others.
enum class Access { everyone, user, uploader, moderator, admin };
// Which budget a request draws on. `media`: none, but that of `segment` where a file is made for whoever asks.
enum class RateClass { read, write, login, upload, search, segment, report, media };
// Who may read the answer from a page of another origin.
enum class CrossOrigin { none, api, media };

// Several of one status differ by their media types.
struct AnswerShape {
    int status = 200;
    std::string help = {};
    std::string schema = {};      // name of the schema in the API description; empty: no body, or one of bytes
    std::string media_type = {};  // empty: application/json where there is a schema, else no body
};

// How an endpoint says no, whoever says it: gates, router, validation, the endpoint itself. A shape makes the answer's
// body and type; `refuse` calls it, with status and message filled in, and adds the header fields.
struct Refusal {
    Error error;
    int status = 0;  // 0: the code's own
    std::span<const FieldProblem> fields = {};
    std::string_view instance = {};  // names the cause among those of one code: "jwt-signature-expired"
    std::int64_t retry_after_s = 0;  // 0: not said
};
using RefusalShape = Response (*)(const Refusal& refusal, const RequestContext& context);
// RFC 9457, as problem_response.
Response problem_shape(const Refusal& refusal, const RequestContext& context);

// One endpoint, said once: the router, the gates, the validation and the API description all read this.
struct EndpointDescription {
    Method method = Method::get;
    // "/api/v2/videos/{id}"; a last part "{key...}" takes all the rest; with a last '/' it answers without it too.
    std::string path = {};
    std::string summary = {};                // one sentence for the API page
    std::string tag = {};                    // group on the API page
    std::vector<Parameter> parameters = {};  // made from the fields of a typed endpoint
    BodyKind body = BodyKind::none;
    std::int64_t body_bytes_max = 0;  // for json, form and stream; a typed endpoint has limits::kJsonBodyBytesMax
    Access access = Access::everyone;
    bool people_only = false;  // refused to tokens for programs, whatever their scopes
    RateClass rate = RateClass::read;
    CrossOrigin cross_origin = CrossOrigin::api;
    RefusalShape refusal = &problem_shape;
    std::string refusal_schema = {};  // name of the schema of a refusal in another shape than problem_shape's
    std::string hidden_in_log = {};   // name of a part of the path that is a secret; of "{key...}" the first part is
    std::vector<AnswerShape> answers = {};
    std::vector<ErrorCode> errors = {};
};

// What the router holds. Called on any I/O thread, many at a time.
class Endpoint {
public:
    explicit Endpoint(EndpointDescription description) : description_(std::move(description)) {}
    virtual ~Endpoint() = default;
    Endpoint(const Endpoint&) = delete;
    Endpoint& operator=(const Endpoint&) = delete;

    const EndpointDescription& description() const { return description_; }
    // `request` outlives the call. What escapes becomes a 500 or 503 problem.
    virtual Awaitable<Response> handle(Request& request) = 0;

private:
    EndpointDescription description_;
};

// The refusal in the endpoint's own shape, with Cache-Control: no-store, WWW-Authenticate on 401, and Retry-After where
// the refusal says so or the status is 503 or 507.
Response refuse(const EndpointDescription& endpoint, Refusal refusal, const RequestContext& context);
Response refuse(const EndpointDescription& endpoint, const Error& error, const RequestContext& context);

// The whole body of a `form` endpoint as an object, by its content type: JSON as it is, texts from the two kinds of
// forms. Of a name that repeats the last value counts; files are skipped; no body is an empty object. `invalid` for
// what cannot be read (bad JSON says "JSON parse error - …"), `unsupported_type` for other types.
Awaitable<Result<JsonView>> read_form(Request& request, const EndpointDescription& description);
// Whether read_form takes a body of this type, as RequestHead::content_type() gives it.
bool is_form_type(std::string_view content_type);
// What is said of a body of another type, in the words of the original.
Error unsupported_form_type(const RequestHead& head);

// The whole body as JSON, for an endpoint whose body kind is json; an absent body is an empty object.
Awaitable<Result<JsonView>> read_json(Request& request, const EndpointDescription& description);

// An endpoint with no socket in it: Input → Result<Output>. `E` is a small class:
//   struct GetVideo {
//       struct Input { VideoId id; };
//       using Output = VideoView;
//       static EndpointDescription describe();                       // all but the parameters
//       static Fields<Input> fields();                               // see http/input.hpp
//       static void write(JsonWriter& json, const Output& output);
//       static int status(const Output&);                            // optional; 200 otherwise
//       static void headers(Headers&, const Output&);                // optional
//       Awaitable<Result<Output>> operator()(Input input, const RequestContext& context);
//   };
// `using Output = std::monostate` is an answer without a body (204).
template <class E>
class TypedEndpoint final : public Endpoint {
public:
    using Input = typename E::Input;
    using Output = typename E::Output;

    explicit TypedEndpoint(E handler) : Endpoint(described()), handler_(std::move(handler)), fields_(E::fields()) {}

    Awaitable<Response> handle(Request& request) override {
        std::optional<JsonView> body;
        if (const auto kind = description().body; kind == BodyKind::json || kind == BodyKind::form) {
            auto read = kind == BodyKind::json ? co_await read_json(request, description())
                                               : co_await read_form(request, description());
            if (!read) co_return refuse(description(), read.error(), request.context);
            body = std::move(*read);
        }
        Input input{};
        auto problems = bind_fields(fields_, input, request.head.path, request.head.query, body);
        // Most likely misspelt; forms carry what pages put into them.
        if (description().body == BodyKind::json) check_body_members(description().parameters, body, problems);
        if (!problems.empty())
            co_return refuse(description(), {.error = invalid_input(problems), .fields = problems}, request.context);
        auto result = co_await handler_(std::move(input), std::as_const(request.context));
        if (!result) co_return refuse(description(), result.error(), request.context);
        co_return answer(*result);
    }

private:
    static EndpointDescription described() {
        auto description = E::describe();
        for (const auto& field : E::fields()) {
            description.parameters.push_back(field.parameter);
            if (field.parameter.place == Place::body && description.body == BodyKind::none)
                description.body = BodyKind::json;
        }
        if (description.body != BodyKind::none && description.body_bytes_max == 0)
            description.body_bytes_max = static_cast<std::int64_t>(limits::kJsonBodyBytesMax);
        return description;
    }

    static Response answer(const Output& output) {
        Response response = no_content();
        if constexpr (!std::is_same_v<Output, std::monostate>) {
            JsonWriter json;
            E::write(json, output);
            response = json_response(json.take());
        }
        if constexpr (requires { E::status(output); }) response.status = E::status(output);
        if constexpr (requires { E::headers(response.headers, output); }) E::headers(response.headers, output);
        return response;
    }

    E handler_;
    Fields<Input> fields_;
};

template <class E>
std::unique_ptr<Endpoint> make_endpoint(E handler) {
    return std::make_unique<TypedEndpoint<E>>(std::move(handler));
}

// An endpoint that answers by itself: media, static files, streaming uploads, events. `H` has
// `Awaitable<Response> operator()(Request& request)`; it is kept as long as the endpoint, captures included.
template <class H>
class RawEndpoint final : public Endpoint {
public:
    RawEndpoint(EndpointDescription description, H handler)
        : Endpoint(std::move(description)), handler_(std::move(handler)) {}
    Awaitable<Response> handle(Request& request) override { return handler_(request); }

private:
    H handler_;
};

template <class H>
std::unique_ptr<Endpoint> make_raw_endpoint(EndpointDescription description, H handler) {
    return std::make_unique<RawEndpoint<H>>(std::move(description), std::move(handler));
}

}  // namespace movio::http
