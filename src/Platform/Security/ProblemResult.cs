using Microsoft.AspNetCore.Http;

namespace Wellmet.Platform.Security;

/// <summary>A refusal as an answer, for where so many are given that throwing each would cost more than what is refused.</summary>
public sealed class ProblemResult(ProblemException problem) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext) => ProblemAnswers.WriteAsync(httpContext, problem);
}
