#include "uploads/endpoints/v1_form.hpp"

#include <algorithm>
#include <array>
#include <ranges>

#include <fmt/ranges.h>

#include "base/utf8.hpp"
#include "catalog/duration.hpp"
#include "catalog/licence.hpp"
#include "catalog/video_text.hpp"
#include "catalog/viewer.hpp"
#include "uploads/sniff.hpp"

namespace movio::uploads {
namespace {

constexpr std::array<std::string_view, 7> kFields{"title",  "duration", "description", "visibility",
                                                  "groups", "licence",  "attribution"};
constexpr std::size_t kFieldBytesMax = 64U << 10;  // a description; the original had no limit
constexpr std::size_t kWriteBytes = 256U << 10;    // fewer, larger writes

FormOutcome refused(ErrorCode code, std::string message) {
    return FormError{{code, std::move(message), {}}, std::nullopt};
}

FormOutcome refused(const Error& error) { return FormError{error, std::nullopt}; }

FormOutcome bad_field(std::string name, std::string message, std::string detail) {
    return FormError{{ErrorCode::invalid, std::move(message), {}},
                     http::FieldProblem{std::move(name), "body", std::move(detail)}};
}

FormOutcome bad_title(std::string detail) {
    return bad_field("title", "Invalid video title. Please provide a title of 1 to 220 characters", std::move(detail));
}

FormOutcome bad_duration(std::string detail) {
    return bad_field("duration", "Invalid video duration. Please provide a valid duration in format: HH:MM:SS",
                     std::move(detail));
}

FormOutcome too_long(const std::string& name) {
    auto detail = fmt::format("Ensure this field has no more than {} bytes.", kFieldBytesMax);
    if (name == "title") return bad_title(std::move(detail));
    if (name == "duration") return bad_duration(std::move(detail));
    if (name == "visibility") return bad_field(name, "Invalid visibility", std::move(detail));
    if (name == "groups") return bad_field(name, "Invalid groups", std::move(detail));
    if (name == "licence") return bad_field(name, "Invalid licence", std::move(detail));
    if (name == "attribution") return bad_field(name, "Invalid attribution", std::move(detail));
    return bad_field(name, "Invalid video description. Please provide a shorter one", std::move(detail));
}

FormOutcome put_title(UploadDetails& details, std::string_view text) {
    if (text.empty()) return bad_title("This field may not be blank.");
    if (catalog::characters(text) > catalog::kTitleCharactersMax)
        return bad_title(
            fmt::format("Ensure this field has no more than {} characters.", catalog::kTitleCharactersMax));
    details.title = text;
    return std::nullopt;
}

FormOutcome put_duration(UploadDetails& details, std::string_view text) {
    details.said_duration_us.reset();
    if (text.empty()) return std::nullopt;
    const auto duration = catalog::parse_duration(text);
    if (!duration || *duration < 0)
        return bad_duration(fmt::format("'{}' is not a duration.", catalog::first_characters(text, 100)));
    details.said_duration_us = duration;
    return std::nullopt;
}

FormOutcome put_visibility(UploadDetails& details, std::string_view text) {
    details.visibility.reset();
    if (text.empty()) return std::nullopt;
    if (std::ranges::find(catalog::kVisibilities, text) == catalog::kVisibilities.end())
        return bad_field("visibility", "Invalid visibility",
                         fmt::format("Choose one of: {}.", fmt::join(catalog::kVisibilities, ", ")));
    details.visibility = text;
    return std::nullopt;
}

// Ids, by commas. Whether they may be chosen is looked up when the file begins, and again at its end.
FormOutcome put_groups(UploadDetails& details, std::string_view text) {
    details.groups.clear();
    while (!text.empty()) {
        const auto comma = std::min(text.find(','), text.size());
        const auto id = catalog::trimmed(text.substr(0, comma));
        if (!GroupId::parse(id))
            return bad_field("groups", "Invalid groups",
                             fmt::format("'{}' is not the id of a group.", catalog::first_characters(id, 100)));
        details.groups.emplace_back(id);
        text.remove_prefix(std::min(comma + 1, text.size()));
    }
    return std::nullopt;
}

FormOutcome put_licence(UploadDetails& details, std::string_view text) {
    if (!text.empty() && catalog::find_licence(text) == nullptr)
        return bad_field(
            "licence", "Invalid licence",
            fmt::format("Choose one of: {}; or none.",
                        fmt::join(catalog::kLicences | std::views::transform(&catalog::Licence::id), ", ")));
    details.licence = text;
    return std::nullopt;
}

FormOutcome put_attribution(UploadDetails& details, std::string_view text) {
    if (catalog::characters(text) > catalog::kAttributionCharactersMax)
        return bad_field(
            "attribution", "Invalid attribution",
            fmt::format("Ensure this field has no more than {} characters.", catalog::kAttributionCharactersMax));
    details.attribution = text;
    return std::nullopt;
}

void append(Bytes& to, ByteView piece) { to.insert(to.end(), piece.begin(), piece.end()); }

}  // namespace

Awaitable<Result<ByteView>> V1Form::BoundedBody::read() {
    auto piece = co_await body_.read();
    if (piece) bytes_read_ += static_cast<std::int64_t>(piece->size());
    if (bytes_read_ > bytes_max_) co_return fail(ErrorCode::too_large, {});
    co_return piece;
}

Awaitable<FormOutcome> V1Form::take() {
    if (auto problem = co_await take_parts()) co_return problem;
    // What follows the last boundary means nothing; that it came means that the client is there to the end.
    for (;;) {
        const auto rest = co_await body_.read();
        if (!rest) co_return refused(rest.error());
        if (rest->empty()) break;
    }
    if (!upload_) co_return refused(ErrorCode::invalid, std::string(kNoFile));
    if (details_.title.empty()) co_return bad_title("This field is required.");
    if (const auto done = co_await upload_->finish(details_); !done) co_return refused(done.error());
    co_return std::nullopt;
}

Awaitable<FormOutcome> V1Form::take_parts() {
    for (;;) {
        auto part = co_await reader_.next();
        if (!part) co_return refused(part.error());
        if (!*part) co_return std::nullopt;
        auto& head = **part;
        FormOutcome problem;
        if (head.filename && head.name == "video")
            problem = co_await take_file(std::move(*head.filename));
        else if (!head.filename && std::ranges::find(kFields, head.name) != kFields.end())
            problem = co_await take_field(std::move(head.name));
        if (problem) co_return problem;
    }
}

Awaitable<FormOutcome> V1Form::take_field(std::string name) {
    const auto given = co_await reader_.read_text(kFieldBytesMax);
    if (!given && given.error().code == ErrorCode::too_large) co_return too_long(name);
    if (!given) co_return refused(given.error());
    const auto text = to_valid_utf8(*given);
    if (text.contains('\0')) co_return bad_field(std::move(name), "Invalid text", "Null characters are not allowed.");
    if (name == "title") co_return put_title(details_, catalog::trimmed(text));
    if (name == "duration") co_return put_duration(details_, catalog::trimmed(text));
    if (name == "visibility") co_return put_visibility(details_, catalog::trimmed(text));
    if (name == "groups") co_return put_groups(details_, catalog::trimmed(text));
    if (name == "licence") co_return put_licence(details_, catalog::trimmed(text));
    if (name == "attribution") co_return put_attribution(details_, catalog::trimmed(text));
    details_.description = catalog::trimmed(text);
    co_return std::nullopt;
}

Awaitable<FormOutcome> V1Form::take_file(std::string filename) {
    if (upload_) co_return refused(ErrorCode::invalid, "Send one video at a time");
    Bytes head;
    bool whole = false;
    while (!whole && head.size() < kSniffBytes) {
        const auto piece = co_await reader_.read();
        if (!piece) co_return refused(piece.error());
        append(head, *piece);
        whole = piece->empty();
    }
    // A form in which no file was chosen.
    if (head.empty() && filename.empty()) co_return std::nullopt;
    if (head.empty()) co_return refused(ErrorCode::invalid, "The submitted file is empty.");
    if (auto problem = co_await begin(std::move(filename), head, whole)) co_return problem;
    if (const auto written = co_await upload_->write(std::move(head)); !written) co_return refused(written.error());
    co_return co_await take_rest();
}

Awaitable<FormOutcome> V1Form::begin(std::string filename, ByteView head, bool whole) {
    if (const auto other = not_a_video(head, whole))
        co_return refused(ErrorCode::invalid, fmt::format("not a video: this file is {}", *other));
    NewUpload upload;
    upload.filename = std::move(filename);
    upload.owner_id = owner_id_;
    upload.owner_is_admin = owner_is_admin_;
    // Of the whole form, which is a little more than the file.
    upload.bytes = std::min(bytes_announced_, uploads_.bytes_max());
    upload.bytes_least = bytes_announced_ - kFieldsBytesMax;
    upload.details = details_;
    auto begun = co_await uploads_.begin(std::move(upload));
    if (!begun) co_return FormError{begun.error().error, std::nullopt, begun.error().retry_after_s};
    upload_ = std::move(*begun);
    co_return std::nullopt;
}

Awaitable<FormOutcome> V1Form::take_rest() {
    Bytes pending;
    for (bool more = true; more;) {
        const auto piece = co_await reader_.read();
        if (!piece) co_return refused(piece.error());
        append(pending, *piece);
        more = !piece->empty();
        if (pending.empty() || (more && pending.size() < kWriteBytes)) continue;
        const auto written = co_await upload_->write(std::exchange(pending, {}));
        if (!written) co_return refused(written.error());
    }
    co_return std::nullopt;
}

}  // namespace movio::uploads
