#include "uploads/endpoints/v1_upload.hpp"

#include <algorithm>

#include <boost/asio/cancellation_type.hpp>
#include <boost/asio/this_coro.hpp>
#include <fmt/format.h>

#include "access/endpoints/v1_refusals.hpp"
#include "base/log.hpp"
#include "http/endpoint.hpp"
#include "uploads/endpoints/v1_form.hpp"

namespace movio::uploads {
namespace {

using http::EndpointDescription;
using http::Refusal;
using http::RequestContext;
using http::Response;

// The endpoint itself refuses what is too large, in words that name the limit for the file.
constexpr std::int64_t kBodyBytesMax = 1LL << 44;

// {"status":"error","detail":TEXT}, with message and error_key where one field is to blame; what Django REST framework
// says before the endpoint is asked is bare.
Response upload_shape(const Refusal& refusal, const RequestContext&) {
    if (auto common = access::v1_common_refusal(refusal)) return std::move(*common);
    const auto code = refusal.error.code;
    const bool bare = code == ErrorCode::method_not_allowed || code == ErrorCode::unsupported_type;
    const int status = code == ErrorCode::too_large ? info(ErrorCode::invalid).http_status : refusal.status;
    JsonWriter json;
    json.begin_object();
    if (!bare) json.member("status", "error");
    if (refusal.fields.empty()) {
        json.member("detail", refusal.error.message);
    } else {
        const auto& field = refusal.fields.front();
        json.member("message", refusal.error.message).member("error_key", field.field).member("detail", field.message);
    }
    json.end_object();
    return http::json_response(json.take(), status);
}

EndpointDescription upload_description() {
    EndpointDescription description;
    description.method = http::Method::post;
    description.path = "/api/v1/app/events/video-upload/";
    description.summary =
        "Takes a film in: multipart/form-data with the file `video`, `title`, and `duration` and `description` where "
        "they are known, in any order; `visibility` where another one than the default is wanted, and "
        "`groups`, ids by commas, where that is `group`; `licence` and `attribution` as v2 has them.";
    description.tag = "v1";
    description.body = http::BodyKind::stream;
    description.body_bytes_max = kBodyBytesMax;
    description.access = http::Access::uploader;
    description.rate = http::RateClass::upload;
    description.refusal = &upload_shape;
    description.refusal_schema = "V1UploadRefusal";
    description.answers = {{202, "The file has arrived and is being worked on.", "V1Upload"}};
    description.errors = {ErrorCode::invalid, ErrorCode::unauthorized, ErrorCode::forbidden,
                          ErrorCode::unsupported_type, ErrorCode::no_space};
    return description;
}

std::string too_large(std::int64_t bytes_max) {
    return fmt::format("The file is too large: at most {} bytes are taken (uploads.bytes_max)", bytes_max);
}

Response accepted(const Upload& upload) {
    JsonWriter json;
    json.begin_object()
        .member("status", "success")
        .member("detail", "upload started")
        .member("video_id", upload.video().text())
        .member("video_name_without_extention", upload.custom_title())
        .member("video_extention", upload.extension())
        .end_object();
    return http::json_response(json.take(), 202);
}

// Runs to its end also where the request has been cancelled, because the server stops.
Awaitable<void> give_up(Upload& upload) {
    const auto state = co_await asio::this_coro::cancellation_state;
    if (state.cancelled() != asio::cancellation_type::none)
        co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
    try {
        co_await upload.abandon();
    } catch (const std::exception& failure) {
        log_warn("an upload that ended early is not cleaned up before the next start",
                 {{"video_id", upload.video().text()}, {"reason", std::string(failure.what())}});
    }
}

struct V1Upload {
    UploadService* uploads;
    EndpointDescription description = upload_description();

    Awaitable<Response> operator()(http::Request& request) const {
        if (auto refused = refused_by_head(request)) co_return http::refuse(description, *refused, request.context);
        const auto boundary =
            http::MultipartReader::boundary_of(request.head.headers.find("content-type").value_or(""));
        if (!boundary) {
            const Error error{ErrorCode::invalid, "Multipart form parse error - Invalid boundary in multipart", {}};
            co_return http::refuse(description, error, request.context);
        }
        V1Form form(*uploads, *request.body, *boundary, request.head.content_length.value_or(0));
        if (const auto& caller = request.context.caller) form.set_owner(caller->user.text(), caller->admin);
        std::exception_ptr failure;
        FormOutcome outcome;
        try {
            outcome = co_await form.take();
        } catch (const NoSpace&) {
            outcome = FormError{{ErrorCode::no_space, "There is no room for this file. Try again later.", {}}, {}};
        } catch (...) {
            failure = std::current_exception();
        }
        if (!outcome && !failure) co_return accepted(*form.upload());
        if (form.upload() != nullptr) co_await give_up(*form.upload());
        if (failure) std::rethrow_exception(failure);
        co_return refusal_of(std::move(*outcome), request.context);
    }

    // What is known before a byte of the body is read.
    std::optional<Error> refused_by_head(const http::Request& request) const {
        const auto& head = request.head;
        const auto type = head.content_type();
        if (!head.has_body() || type.empty()) return Error{ErrorCode::invalid, std::string(kNoFile), {}};
        if (type != "multipart/form-data")
            return Error{
                ErrorCode::unsupported_type, fmt::format("Unsupported media type \"{}\" in request.", type), {}};
        if (head.content_length.value_or(0) > uploads->bytes_max() + V1Form::kFieldsBytesMax)
            return Error{ErrorCode::too_large, too_large(uploads->bytes_max()), {}};
        return std::nullopt;
    }

    Response refusal_of(FormError error, const RequestContext& context) const {
        if (error.error.code == ErrorCode::too_large) error.error.message = too_large(uploads->bytes_max());
        Refusal refusal{.error = std::move(error.error), .retry_after_s = error.retry_after_s};
        if (error.field) refusal.fields = std::span(&*error.field, 1);
        return http::refuse(description, std::move(refusal), context);
    }
};

}  // namespace

void add_v1_upload_endpoint(http::Router& router, UploadService& uploads) {
    router.add(http::make_raw_endpoint(upload_description(), V1Upload{&uploads}));
}

}  // namespace movio::uploads
