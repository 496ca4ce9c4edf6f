#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "http/multipart.hpp"
#include "http/response.hpp"
#include "uploads/upload_service.hpp"

namespace movio::uploads {

inline constexpr std::string_view kNoFile = "No video file provided";

// Why a form is refused; `field` where one field is to blame, with the words of that field.
struct FormError {
    Error error;
    std::optional<http::FieldProblem> field;
    std::int64_t retry_after_s = 0;  // 0: not said
};
using FormOutcome = std::optional<FormError>;  // nullopt: all is well

// One v1 upload: reads the form part by part and streams its file into the store. Whoever uses it abandons the upload
// that a form which is refused, or fails by an exception, has begun.
class V1Form {
public:
    // Of everything that is no file.
    static constexpr std::int64_t kFieldsBytesMax = 1 << 20;

    // `bytes_announced` of the whole body; 0 = unknown. References outlive the form.
    V1Form(UploadService& uploads, http::BodyReader& body, std::string_view boundary, std::int64_t bytes_announced)
        : uploads_(uploads),
          body_(body, uploads.bytes_max() + kFieldsBytesMax),
          reader_(body_, boundary),
          bytes_announced_(bytes_announced) {}

    void set_owner(std::string owner_id, bool is_admin) {
        owner_id_ = std::move(owner_id);
        owner_is_admin_ = is_admin;
    }
    // Reads the whole body and submits the film.
    Awaitable<FormOutcome> take();
    // nullptr until the file has begun.
    Upload* upload() const { return upload_.get(); }

private:
    // What is longer than both limits together is `too_large`, wherever in the form it stands.
    class BoundedBody final : public http::BodyReader {
    public:
        BoundedBody(http::BodyReader& body, std::int64_t bytes_max) : body_(body), bytes_max_(bytes_max) {}
        Awaitable<Result<ByteView>> read() override;

    private:
        http::BodyReader& body_;
        std::int64_t bytes_max_;
    };

    Awaitable<FormOutcome> take_parts();
    Awaitable<FormOutcome> take_field(std::string name);
    Awaitable<FormOutcome> take_file(std::string filename);
    Awaitable<FormOutcome> begin(std::string filename, ByteView head, bool whole);
    Awaitable<FormOutcome> take_rest();

    UploadService& uploads_;
    BoundedBody body_;
    http::MultipartReader reader_;
    std::int64_t bytes_announced_;
    std::string owner_id_;
    bool owner_is_admin_ = false;
    UploadDetails details_;
    std::unique_ptr<Upload> upload_;
};

}  // namespace movio::uploads
