#include "app/admin_client.hpp"

#include <fmt/format.h>

#include "http/client.hpp"

namespace movio::app {
namespace {

constexpr std::chrono::seconds kIdle{600};  // the last sync of a large file may take long

Result<JsonView> answer_of(const Result<http::ClientResponse>& response) {
    if (!response) return std::unexpected(response.error());
    auto json = JsonView::parse(response->body.empty() ? std::string_view("{}") : std::string_view(response->body));
    if (response->status < 400) return json;
    if (!json) return fail(ErrorCode::internal, fmt::format("the server answered with status {}", response->status));
    const auto code = error_code_from_text(json->text_or("code", "internal"));
    return fail(code, json->text_or("detail", json->text_or("title", "the server refused")));
}

}  // namespace

Result<std::unique_ptr<AdminClient>> AdminClient::connect(const CommandContext& context, Need need) {
    const auto media = open_executable(context.media_executable);
    if (!media) return std::unexpected(media.error());
    if (auto entered = enter_data_dir(context.data_dir); !entered) return std::unexpected(entered.error());
    auto lock = DataDirLock::try_take(context.data_dir);
    if (!lock) return std::unexpected(lock.error());
    const auto socket = admin_socket(context.data_dir);
    if (!*lock) return std::unique_ptr<AdminClient>(new AdminClient(socket, nullptr));
    auto app = std::make_unique<App>(context.settings, AppOptions{context.data_dir, *media, false, need == Need::work},
                                     std::move(**lock));
    app->start();
    return std::unique_ptr<AdminClient>(new AdminClient(socket, std::move(app)));
}

AdminClient::~AdminClient() {
    if (app_) app_->stop();
}

Result<JsonView> AdminClient::get(const std::string& target) {
    http::ClientRequest request;
    request.target = target;
    return answer_of(http::request(socket_, request, kIdle));
}

Result<JsonView> AdminClient::post(const std::string& target) {
    http::ClientRequest request;
    request.method = "POST";
    request.target = target;
    return answer_of(http::request(socket_, request, kIdle));
}

Result<JsonView> AdminClient::upload(const std::string& target, std::int64_t bytes,
                                     std::function<std::size_t(std::span<char>)> source) {
    http::ClientRequest request;
    request.method = "POST";
    request.target = target;
    request.headers.set("Content-Type", "application/octet-stream");
    request.body_source = std::move(source);
    request.body_bytes = bytes;
    return answer_of(http::request(socket_, request, kIdle));
}

}  // namespace movio::app
