#pragma once
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "app/data_dir.hpp"
#include "app/settings.hpp"

namespace movio::app {

struct AppOptions {
    std::filesystem::path data_dir;
    int media_executable = -1;  // movio-media, opened O_PATH before the program gave up its rights
    int bound_socket = -1;      // of http::bind_tcp, bound before that too; else the address of the settings is taken
    bool listen = true;         // serve the page, the API and the films over TCP
    bool work = true;           // process films; off for commands that only look
};

// The composition root: every object of the running system, made in order, handed to each other by constructor, and
// ended in reverse. The only code that names concrete adapters.
class App {
public:
    App(const Settings& settings, AppOptions options, DataDirLock lock);
    ~App();
    App(const App&) = delete;
    App& operator=(const App&) = delete;

    // Opens the databases, goes on with what was interrupted, listens. Throws Failure with what to do.
    void start();
    // Graceful: requests in flight end, running tasks give their leases back. Blocks.
    void stop();

    // Blocks until no command talks to this process any more.
    void finish_commands();

    // Where the first administrator sets name and password: a secret. nullopt when some administrator can log in.
    std::optional<std::string> make_first_admin_link();

    std::uint16_t port() const;
    std::string address() const;  // "http://127.0.0.1:8000"

    struct State;

private:
    std::unique_ptr<State> state_;
};

// The socket by which commands talk to the process that holds the data folder.
std::filesystem::path admin_socket(const std::filesystem::path& data_dir);

}  // namespace movio::app
