#include "async/task_group.hpp"

#include <cassert>
#include <list>
#include <vector>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>

#include "base/log.hpp"

namespace movio {
namespace {

struct Member {
    std::string name;
    asio::cancellation_signal signal;
};

bool is_cancellation(const std::exception_ptr& error) {
    try {
        std::rethrow_exception(error);
    } catch (const boost::system::system_error& failure) {
        return failure.code() == asio::error::operation_aborted;
    } catch (...) {
        return false;
    }
}

void log_escaped(const std::string& name, const std::exception_ptr& error) {
    try {
        std::rethrow_exception(error);
    } catch (const std::exception& failure) {
        log_error("a coroutine failed", {{"name", name}, {"reason", std::string(failure.what())}});
    } catch (...) {
        log_error("a coroutine failed", {{"name", name}});
    }
}

}  // namespace

struct TaskGroup::State {
    asio::any_io_executor executor;
    asio::steady_timer emptied;
    // Shared, because a member may end, and leave the list, inside its own cancellation.
    std::list<std::shared_ptr<Member>> members;
    bool cancelled = false;

    explicit State(asio::any_io_executor where) : executor(where), emptied(where) {
        emptied.expires_at(asio::steady_timer::time_point::max());
    }
};

TaskGroup::TaskGroup(asio::any_io_executor executor) : state_(std::make_shared<State>(std::move(executor))) {}

TaskGroup::~TaskGroup() { assert(state_->members.empty() && "a task group was destroyed with members running"); }

void TaskGroup::spawn(std::string name, Awaitable<void> task) {
    auto start = [state = state_, name = std::move(name), task = std::move(task)]() mutable {
        const auto member = std::make_shared<Member>();
        member->name = std::move(name);
        const auto place = state->members.insert(state->members.end(), member);
        auto ended = [state, place](const std::exception_ptr& error) {
            if (error && !is_cancellation(error)) log_escaped((*place)->name, error);
            state->members.erase(place);
            if (state->members.empty()) state->emptied.cancel();
        };
        auto slot = member->signal.slot();
        asio::co_spawn(state->executor, std::move(task), asio::bind_cancellation_slot(slot, std::move(ended)));
        if (state->cancelled) member->signal.emit(asio::cancellation_type::terminal);
    };
    asio::dispatch(state_->executor, std::move(start));
}

void TaskGroup::cancel_all() {
    asio::post(state_->executor, [state = state_] {
        state->cancelled = true;
        const std::vector<std::shared_ptr<Member>> members(state->members.begin(), state->members.end());
        for (const auto& member : members) member->signal.emit(asio::cancellation_type::terminal);
    });
}

Awaitable<void> TaskGroup::wait() {
    while (!state_->members.empty()) {
        boost::system::error_code error;
        co_await state_->emptied.async_wait(asio::redirect_error(asio::use_awaitable, error));
    }
}

std::size_t TaskGroup::size() const { return state_->members.size(); }

}  // namespace movio
