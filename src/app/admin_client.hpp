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

// How commands reach the system: the process that holds the data folder, by its socket; where there is none, one is
// started inside this process for as long as the client lives.
class AdminClient {
public:
    enum class Need { look, work };  // whether films go on being made meanwhile

    static Result<std::unique_ptr<AdminClient>> connect(const CommandContext& context, Need need);
    ~AdminClient();

    // The answer's JSON, or the error that the problem details tell.
    Result<JsonView> get(const std::string& target);
    Result<JsonView> post(const std::string& target);
    // Sends what `source` gives until it gives 0 bytes.
    Result<JsonView> upload(const std::string& target, std::int64_t bytes,
                            std::function<std::size_t(std::span<char>)> source);
    bool is_own_process() const { return app_ != nullptr; }

private:
    explicit AdminClient(std::filesystem::path socket, std::unique_ptr<App> app)
        : socket_(std::move(socket)), app_(std::move(app)) {}

    std::filesystem::path socket_;
    std::unique_ptr<App> app_;
};

}  // namespace movio::app
