using Wellmet.Platform;
using Wellmet.Platform.Access;
using Wellmet.Recommendations.Contract;
using Wellmet.Recommendations.Serving;

namespace Wellmet.Recommendations.Placements;

/// <summary>Answers many questions of placements in one go, each as <see cref="ServePlacement"/> does: for pages with several places, and letters to many customers.</summary>
public sealed class ServeBatch(ServePlacement serve, CurrentActor actor)
{
    public const int Most = 100;

    /// <summary>One of both is null.</summary>
    public sealed record Answer(RecommendedProducts? Products, ProblemException? Problem);

    /// <returns>One answer for each question, in their order.</returns>
    /// <exception cref="ProblemException"><c>questions_many</c>.</exception>
    public async Task<IReadOnlyList<Answer>> RunAsync(IReadOnlyList<ServePlacement.Request> questions, CancellationToken ct)
    {
        actor.Demand(RecommendationsPermissions.Read);
        if (questions.Count is 0 or > Most)
        {
            throw new ProblemException("questions_many", "Ask 1 to {0} questions.", 400, Most);
        }
        var answers = new List<Answer>(questions.Count);
        foreach (var question in questions)
        {
            answers.Add(await OneAsync(question, ct));
        }
        return answers;
    }

    /// <summary>What is wrong with one question is its own; where nothing can be answered now, it is everybody's.</summary>
    private async Task<Answer> OneAsync(ServePlacement.Request question, CancellationToken ct)
    {
        try
        {
            return new Answer(await serve.RunAsync(question, ct), null);
        }
        catch (ProblemException problem) when (problem.Status < 500)
        {
            return new Answer(null, problem);
        }
    }
}
