using Wellmet.Platform.Security;
using Wellmet.Platform.Ui;

namespace Wellmet.Platform.Api;

/// <summary>Problem details (RFC 9457) of one refusal inside a larger answer.</summary>
/// <param name="Type">`/problems/` and the code.</param>
/// <param name="Title">In the caller's language.</param>
/// <param name="Detail">What was wrong and what to do, in the caller's language.</param>
/// <param name="Code">Stable; decide by this.</param>
/// <param name="Parameter">What was wrong; null where it was something else.</param>
public sealed record ApiRefusal(string Type, string Title, int Status, string Detail, string Code, string? Parameter = null)
{
    public static ApiRefusal Of(ProblemException problem, Words words) =>
        new($"/problems/{problem.Code}", words[ProblemAnswers.TitleOf(problem.Status)], problem.Status, words.Problem(problem), problem.Code, problem.Parameter);
}
