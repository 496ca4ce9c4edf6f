#pragma once
#include <expected>
#include <utility>

#include "base/error.hpp"

namespace movio {

template <class T>
using Result = std::expected<T, Error>;

// `return fail(ErrorCode::not_found, "…");` from any function that returns a Result.
inline std::unexpected<Error> fail(ErrorCode code, std::string message, std::string detail = {}) {
    return std::unexpected<Error>(Error{code, std::move(message), std::move(detail)});
}

}  // namespace movio
