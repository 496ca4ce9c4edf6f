#include <cstdio>
#include <fstream>
#include <iostream>

#include <fmt/format.h>
#include <termios.h>
#include <unistd.h>

#include "app/command_line.hpp"
#include "app/commands/ask.hpp"
#include "base/percent_encode.hpp"

namespace movio::app {
namespace {

// What is typed is not shown while it lives; of standard input that is no terminal nothing changes.
class HiddenInput {
public:
    HiddenInput() {
        hidden_ = tcgetattr(STDIN_FILENO, &before_) == 0;
        if (!hidden_) return;
        auto silent = before_;
        silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
        tcsetattr(STDIN_FILENO, TCSANOW, &silent);
    }
    ~HiddenInput() {
        if (hidden_) tcsetattr(STDIN_FILENO, TCSANOW, &before_);
    }
    HiddenInput(const HiddenInput&) = delete;
    HiddenInput& operator=(const HiddenInput&) = delete;
    bool is_terminal() const { return hidden_; }

private:
    termios before_{};
    bool hidden_ = false;
};

Result<std::string> typed_password() {
    const HiddenInput input;
    const auto ask = [&input](const char* prompt) {
        if (input.is_terminal()) std::cerr << prompt << std::flush;
        std::string line;
        std::getline(std::cin, line);
        if (input.is_terminal()) std::cerr << '\n';
        return line;
    };
    auto password = ask("Password: ");
    if (input.is_terminal() && ask("Once more: ") != password)
        return fail(ErrorCode::invalid, "the two passwords differ; nothing was changed");
    if (password.empty()) return fail(ErrorCode::invalid, "no password was given; nothing was changed");
    return password;
}

Result<std::string> password_from(const std::filesystem::path& file) {
    if (file.empty()) return typed_password();
    std::ifstream in(file);
    std::string line;
    if (!in || !std::getline(in, line) || line.empty())
        return fail(ErrorCode::invalid, fmt::format("cannot read a password from '{}'", file.string()));
    return line;
}

void print_user(const JsonView& user) {
    std::cout << fmt::format("{}  {:<8}  {:<9}  {}", user.text_or("id", ""), user.text_or("state", ""),
                             user.text_or("role", ""), user.text_or("email", ""));
    if (const auto username = user.text_or("username", ""); !username.empty()) std::cout << "  " << username;
    std::cout << fmt::format("  {} {}\n", user.text_or("first_name", ""), user.text_or("last_name", ""));
}

int post_about(const CommandContext& context, const std::string& name, std::string_view action, std::string json,
               const std::string& done) {
    auto client = connect_quietly(context);
    if (!client) return complain(client.error());
    const auto answer =
        (*client)->post(fmt::format("/admin/users/{}/{}", percent_encode(name), action), std::move(json));
    if (!answer) return complain(answer.error());
    std::cout << fmt::format("{} {}.\n", answer->text_or("email", name), done);
    return kExitDone;
}

}  // namespace

int run_user_add(const CommandContext& context, const UserArguments& arguments) {
    JsonWriter json;
    json.begin_object()
        .member("email", arguments.email)
        .member("first_name", arguments.first_name)
        .member("last_name", arguments.last_name)
        .member("role", arguments.role);
    if (!arguments.username.empty()) json.member("username", arguments.username);
    if (!arguments.without_password) {
        const auto password = password_from(arguments.password_file);
        if (!password) return complain(password.error());
        json.member("password", *password);
    }
    json.end_object();
    auto client = connect_quietly(context);
    if (!client) return complain(client.error());
    const auto user = (*client)->post("/admin/users", json.take());
    if (!user) return complain(user.error());
    print_user(*user);
    return kExitDone;
}

int run_user_list(const CommandContext& context, bool as_json) {
    auto client = connect_quietly(context);
    if (!client) return complain(client.error());
    const auto answer = (*client)->get("/admin/users");
    if (!answer) return complain(answer.error());
    if (print_all(*answer, as_json, &print_user) == 0 && !as_json)
        std::cout << "No users. Add one: movio user add EMAIL\n";
    return kExitDone;
}

int run_user_password(const CommandContext& context, const std::string& name,
                      const std::filesystem::path& password_file) {
    const auto password = password_from(password_file);
    if (!password) return complain(password.error());
    JsonWriter json;
    json.begin_object().member("password", *password).end_object();
    return post_about(context, name, "password", json.take(),
                      "has a new password; whoever was logged in with the old one is logged out");
}

int run_user_reset_password(const CommandContext& context, const std::string& name) {
    auto client = connect_quietly(context);
    if (!client) return complain(client.error());
    const auto made = (*client)->post(fmt::format("/admin/users/{}/reset-password", percent_encode(name)));
    if (!made) return complain(made.error());
    std::cout << fmt::format("For {}, once, until {}\n{}\n", made->text_or("email", ""),
                             made->text_or("expires_at", ""), whole_link(context, made->text_or("url", "")));
    return kExitDone;
}

int run_user_role(const CommandContext& context, const std::string& name, const std::string& role) {
    JsonWriter json;
    json.begin_object().member("role", role).end_object();
    return post_about(context, name, "role", json.take(), "is " + role + " now");
}

int run_user_disable(const CommandContext& context, const std::string& name) {
    return post_about(context, name, "disable", {}, "is disabled; `movio user enable` undoes it");
}
int run_user_enable(const CommandContext& context, const std::string& name) {
    return post_about(context, name, "enable", {}, "may log in again");
}

int run_user_delete(const CommandContext& context, const std::string& name, const std::string& hand_over_to) {
    if (hand_over_to.empty()) return post_about(context, name, "delete", {}, "is deleted; the films are in the trash");
    JsonWriter json;
    json.begin_object().member("hand_over_to", hand_over_to).end_object();
    return post_about(context, name, "delete", json.take(), "is deleted; the films belong to " + hand_over_to + " now");
}

int run_user_logout(const CommandContext& context, const std::string& name) {
    return post_about(context, name, "logout", {}, "is logged out everywhere; tokens for programs stay");
}

int run_user_resync(const CommandContext& context) {
    auto client = connect_quietly(context);
    if (!client) return complain(client.error());
    const auto answer = (*client)->post("/admin/users-resync");
    if (!answer) return complain(answer.error());
    std::cout << fmt::format("{} users are told anew to the other services.\n", answer->integer_or("users", 0));
    return kExitDone;
}

}  // namespace movio::app
