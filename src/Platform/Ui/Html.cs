using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Wellmet.Platform.Ui.Layouts;

namespace Wellmet.Platform.Ui;

/// <summary>Answers of routes that a person sees, rendered on the server from Razor components.</summary>
public static class Html
{
    /// <summary>A whole page in its layout: the console, or what the component names with <c>@layout</c>.</summary>
    /// <param name="parameters">An object whose properties are the component's parameters: <c>new { Customer = customer }</c>.</param>
    public static RazorComponentResult Page<TPage>(object? parameters = null, int status = StatusCodes.Status200OK) where TPage : IComponent =>
        new(typeof(PageFrame), new { Page = typeof(TPage), Parameters = Named(parameters) }) { StatusCode = status, PreventStreamingRendering = true };

    /// <summary>A page in a layout of the caller's choice, e.g. <c>ErrorPage</c> for somebody who is not signed in.</summary>
    public static RazorComponentResult Page<TPage, TLayout>(object? parameters = null, int status = StatusCodes.Status200OK)
        where TPage : IComponent where TLayout : LayoutComponentBase =>
        new(typeof(PageFrame), new { Page = typeof(TPage), Layout = typeof(TLayout), Parameters = Named(parameters) }) { StatusCode = status, PreventStreamingRendering = true };

    /// <summary>A part of a page, for htmx to swap in.</summary>
    public static RazorComponentResult Part<TPart>(object? parameters = null, int status = StatusCodes.Status200OK) where TPart : IComponent =>
        new(typeof(TPart), Named(parameters)) { StatusCode = status, PreventStreamingRendering = true };

    private static IReadOnlyDictionary<string, object?> Named(object? parameters) => new RouteValueDictionary(parameters);
}
