#include "app/admin_client.hpp"

#include <thread>

#include <fmt/format.h>

#include "http/client.hpp"

namespace movio::app {
namespace {

constexpr std::chrono::milliseconds kReachTime{20'000};  // longer than a server takes to start or to end
constexpr std::chrono::milliseconds kReachPause{100};
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

AdminClient::AdminClient(const CommandContext& context, Need need)
    : context_(context), need_(need), socket_(admin_socket(context.data_dir)) {}

Result<std::unique_ptr<AdminClient>> AdminClient::connect(const CommandContext& context, Need need) {
    const auto media = open_executable(context.media_executable);
    if (!media) return std::unexpected(media.error());
    if (auto entered = enter_data_dir(context.data_dir); !entered) return std::unexpected(entered.error());
    std::unique_ptr<AdminClient> client(new AdminClient(context, need));
    client->media_executable_ = *media;
    if (auto reached = client->reach(); !reached) return std::unexpected(reached.error());
    return client;
}

AdminClient::~AdminClient() {
    if (!app_) return;
    app_->finish_commands();
    app_->stop();
}

Result<void> AdminClient::reach() {
    for (auto waited = std::chrono::milliseconds::zero(); waited < kReachTime; waited += kReachPause) {
        const auto reached = try_to_reach();
        if (!reached) return std::unexpected(reached.error());
        if (*reached) return {};
        std::this_thread::sleep_for(kReachPause);
    }
    return fail(ErrorCode::unavailable,
                fmt::format("the movio that works on '{}' does not answer; if it is stuck, end it and try again",
                            context_.data_dir.string()));
}

Result<bool> AdminClient::try_to_reach() {
    auto lock = DataDirLock::try_take(context_.data_dir);
    if (!lock) return std::unexpected(lock.error());
    if (*lock) {
        AppOptions options;
        options.data_dir = context_.data_dir;
        options.media_executable = media_executable_;
        options.listen = false;
        options.work = need_ == Need::work;
        app_ = std::make_unique<App>(context_.settings, std::move(options), std::move(**lock));
        app_->start();
        return true;
    }
    http::ClientRequest status;
    status.target = "/admin/status";
    const auto answer = answer_of(http::request(socket_, status, kIdle));
    return answer && (need_ == Need::look || answer->boolean_or("works", true));
}

Result<JsonView> AdminClient::ask(const std::string& method, const std::string& target, std::string json) {
    http::ClientRequest request;
    request.method = method;
    request.target = target;
    if (!json.empty()) request.headers.set("Content-Type", "application/json");
    request.body = std::move(json);
    auto answer = http::request(socket_, request, kIdle);
    // Whom we asked has ended, perhaps another command like this one: somebody goes on, if need be we do.
    if (!answer && answer.error().code == ErrorCode::unavailable && !app_ && reach())
        answer = http::request(socket_, request, kIdle);
    return answer_of(answer);
}

Result<JsonView> AdminClient::get(const std::string& target) { return ask("GET", target); }

Result<JsonView> AdminClient::post(const std::string& target, std::string json) {
    return ask("POST", target, std::move(json));
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
