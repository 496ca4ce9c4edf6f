#pragma once
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "app/app.hpp"
#include "app/commands/commands.hpp"
#include "base/json.hpp"

namespace movio::app {

// How commands reach the system: the process that holds the data folder, by its socket; where there is none, the system
// runs inside this process for as long as the client lives, and until other commands that found it are done with it.
class AdminClient {
public:
    enum class Need { look, work };  // whether films go on being made meanwhile

    // `context` must outlive the client.
    static Result<std::unique_ptr<AdminClient>> connect(const CommandContext& context, Need need);
    ~AdminClient();

    // The answer's JSON, or the error that the problem details tell.
    Result<JsonView> get(const std::string& target);
    // `json`: the body; empty for none.
    Result<JsonView> post(const std::string& target, std::string json = {});
    // Sends what `source` gives until it gives 0 bytes.
    Result<JsonView> upload(const std::string& target, std::int64_t bytes,
                            std::function<std::size_t(std::span<char>)> source);
    bool is_own_process() const { return app_ != nullptr; }

private:
    AdminClient(const CommandContext& context, Need need);

    // Waits for a holder that is starting or ending; after that without one.
    Result<void> reach();
    // One look: true when there is somebody to ask now.
    Result<bool> try_to_reach();
    Result<JsonView> ask(const std::string& method, const std::string& target, std::string json = {});

    const CommandContext& context_;
    Need need_;
    int media_executable_ = -1;
    std::filesystem::path socket_;
    std::unique_ptr<App> app_;
};

}  // namespace movio::app
